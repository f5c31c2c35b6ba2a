// SPDX-License-Identifier: BSL-1.0
// Registration as a library: what the command's transcripts (tests/cli/test_register.py) and Nix (tests/real/register) cannot
// bring about.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <reseal/registration.hpp>
#include <utility>

#include "store/address_check.hpp"
#include "store/merged_files.hpp"
#include "store/topology.hpp"
#include "support/blobs.hpp"
#include "support/disk.hpp"
#include "support/image_builder.hpp"
#include "support/oracle.hpp"
#include "support/plain_sha.hpp"
#include "support/tree.hpp"

namespace reseal::registration_test {
using namespace store;
namespace disk = std::filesystem;

namespace {

const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn",
                  old_glibc = "g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q", new_glibc = "07a2zd2xjyl6ac1y71422ypixnba3q2q",
                  final_one = "n1gn6n1r08cp26qbmivqgp7bmlcfzfcw", final_two = "vylz2d5mzcgx8z67q4xi43zhzf5zrld5";

struct Folder {
    Folder() {
        std::string name = (disk::temp_directory_path() / "reseal-test-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
        disk::create_directory(path + "/store");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        for (const auto& each : disk::recursive_directory_iterator(path))
            if (each.is_directory() && !each.is_symlink()) disk::permissions(each, disk::perms::owner_all);
        disk::remove_all(path);
    }
    std::string path;
};

OutputSpec floating(const std::string& id, const std::string& tree, const std::string& hash_part = one) {
    OutputSpec output;
    output.id = id;
    output.scratch = {hash_part, "foo"};
    output.tree = tree;
    return output;
}

OutputSpec addressed(const std::string& id, const std::string& tree, const std::string& hash_part,
                     const std::string& final_part) {
    OutputSpec output = floating(id, tree, hash_part);
    output.kind = OutputKind::input_addressed;
    output.path = {final_part, "foo"};
    return output;
}

RegistrationSpec spec_for(const Folder& folder, std::vector<OutputSpec> outputs) {
    RegistrationSpec spec;
    spec.real_store = folder.path + "/store";
    spec.outputs = std::move(outputs);
    return spec;
}

Registration registered(const RegistrationSpec& spec) {
    Registration done;
    register_outputs(spec, done);
    return done;
}

bool holds(const RegistrationSpec& spec, const RegisteredOutput& output) {
    const std::string place = spec.real_store + "/" + output.path.base();
    AddressCheck check(Method::nar, HashType::sha256, output.path.hash_part, place);
    dump_nar(place, check);
    const AddressFacts facts = check.finish();
    CHECK(facts.nar_hash == output.nar_hash);
    for (const AddressFound& each : facts.found)
        if (each.address == *output.ca && each.scheme == *output.scheme) return true;
    return false;
}

}  // namespace

TEST_CASE("a reference that a signature made ad-hoc has wiped out is still one") {
    for (const bool in_code : {false, true}) {
        const Folder folder;
        support::ImageSpec image;
        if (in_code) image.plants = {{5000, one}};
        image.signature.blobs = {support::no_requirements(), support::bound_cms("certificates of " + one)};
        support::put_on_disk(folder.path + "/tree", support::file("", support::build(image).bytes));
        RegistrationSpec spec = spec_for(folder, {floating("out", folder.path + "/tree")});
        spec.cms = CmsPolicy::adhoc;
        const RegisteredOutput output = registered(spec).outputs.at(0);
        CHECK(output.references == (in_code ? std::vector<StorePath>{output.path} : std::vector<StorePath>{}));
        CHECK(output.scheme == (in_code ? Scheme::reseal1 : Scheme::nix));
        CHECK(holds(spec, output));
    }
}

TEST_CASE("an image that cannot be sealed spoils the address of its tree") {
    const Folder folder;
    support::ImageSpec image;
    image.plants = {{5000, one}};
    image.signature_commands = 2;
    support::put_on_disk(folder.path + "/tree", support::file("", support::build(image).bytes));
    RegistrationSpec spec = spec_for(folder, {floating("out", folder.path + "/tree")});
    Registration refused;
    CHECK_THROWS_AS(register_outputs(spec, refused), Error);
    CHECK(refused.outputs.empty());
    CHECK(refused.findings.at(0).code == Code::two_signatures);
    CHECK(refused.findings.at(0).entry == folder.path + "/tree");
    CHECK(disk::is_empty(folder.path + "/store"));
    spec.unsealable = UnsealablePolicy::keep;
    const Registration done = registered(spec);
    CHECK(done.findings.at(0).severity == Severity::note);
    CHECK(done.outputs.at(0).scheme == Scheme::nix);
    CHECK(holds(spec, done.outputs.at(0)));
}

TEST_CASE("whoever asks to stop waits for the end, or finds something left behind") {
    const Folder folder;
    support::put_on_disk(folder.path + "/tree", support::file("", std::string(1'000'000, 'x')));
    RegistrationSpec spec = spec_for(folder, {floating("out", folder.path + "/tree")});
    int asked = 0;
    spec.stop = [&] { return ++asked == 3; };
    CHECK_THROWS_WITH_AS(registered(spec), doctest::Contains("interrupted"), Error);
    CHECK(asked == 3);
    CHECK(disk::is_empty(folder.path + "/store"));
}

TEST_CASE("links that change are written in place, or others are") {
    const Folder folder;
    const std::string own = "/nix/store/" + one + "-foo", lib = "/nix/store/" + two + "-foo";
    support::put_on_disk(folder.path + "/out",
                         support::folder("", {support::link("l", own + "/file and " + lib), support::link("other", "nowhere"),
                                              support::file("file", own + lib + own, true), support::file("zero", "")}));
    support::put_on_disk(folder.path + "/lib", support::link("", lib + "/x"));
    const RegistrationSpec spec =
        spec_for(folder, {floating("out", folder.path + "/out"), floating("lib", folder.path + "/lib", two)});
    const Registration done = registered(spec);
    REQUIRE(done.outputs.size() == 2);
    const RegisteredOutput &first = done.outputs[0], &second = done.outputs[1];
    CHECK(first.id == "lib");  // what the other refers to
    CHECK((second.reads == 3 && second.writes == 1));
    const std::string final_lib = first.path.in("/nix/store"), final_out = second.path.in("/nix/store");
    CHECK(disk::read_symlink(spec.real_store + "/" + first.path.base()) == final_lib + "/x");
    const std::string place = spec.real_store + "/" + second.path.base();
    CHECK(disk::read_symlink(place + "/l") == final_out + "/file and " + final_lib);
    CHECK(disk::read_symlink(place + "/other") == "nowhere");
    CHECK(disk::file_size(place + "/file") == own.size() * 3);
    CHECK(holds(spec, first));
    CHECK(holds(spec, second));
}

TEST_CASE("a hash part that is rewritten is still a reference") {
    const Folder folder;
    const StorePath before{old_glibc, "glibc-2.39"}, after{new_glibc, "glibc-2.40"};
    support::put_on_disk(folder.path + "/tree", support::file("", before.in("/nix/store")));
    RegistrationSpec spec = spec_for(folder, {floating("out", folder.path + "/tree")});
    spec.references = {before, after};
    CHECK(registered(spec).outputs.at(0).references == std::vector<StorePath>{before});
    spec.rewrites = {{old_glibc, new_glibc}};
    CHECK(registered(spec).outputs.at(0).references == std::vector<StorePath>{after});
}

TEST_CASE("what is rewritten to an output's own path is one of the others to it") {
    const Folder folder;
    support::put_on_disk(folder.path + "/tree", support::file("", old_glibc));
    RegistrationSpec spec = spec_for(folder, {addressed("out", folder.path + "/tree", one, final_one)});
    spec.rewrites = {{old_glibc, final_one}};
    const std::vector<StorePath> itself = {{final_one, "foo"}};
    CHECK(registered(spec).outputs.at(0).references == itself);
    spec.outputs[0].references.emplace();
    CHECK(registered(spec).outputs.at(0).references == itself);
}

TEST_CASE("an output comes before the one that it is rewritten to refer to") {
    const Folder folder;
    support::put_on_disk(folder.path + "/a", support::file("", "see " + old_glibc));
    support::put_on_disk(folder.path + "/b", support::file("", "see " + new_glibc));
    RegistrationSpec spec = spec_for(
        folder, {addressed("a", folder.path + "/a", one, final_one), addressed("b", folder.path + "/b", two, final_two)});
    spec.rewrites = {{old_glibc, final_two}, {new_glibc, final_one}};
    CHECK_THROWS_WITH_AS(registered(spec), doctest::Contains("in a circle: "), Error);
    CHECK(disk::is_empty(folder.path + "/store"));
    spec.rewrites.pop_back();
    const Registration done = registered(spec);
    REQUIRE(done.outputs.size() == 2);
    CHECK(done.outputs[0].id == "b");
    CHECK(done.outputs[1].references == std::vector<StorePath>{{final_two, "foo"}});
}

TEST_CASE("what a kill between two outputs leaves is not completed") {
    const Folder folder;
    support::put_on_disk(folder.path + "/out", support::file("", "/nix/store/" + two + "-foo and " + one));
    support::put_on_disk(folder.path + "/lib", support::folder("", {support::file("x", two)}));
    RegistrationSpec spec =
        spec_for(folder, {floating("out", folder.path + "/out"), floating("lib", folder.path + "/lib", two)});
    for (const bool sync : {false, true}) {
        spec.sync = sync;
        const Registration whole = registered(spec);
        REQUIRE(whole.outputs.size() == 2);
        disk::remove(spec.real_store + "/" + whole.outputs[1].path.base());
        const Registration again = registered(spec);
        REQUIRE(again.outputs.size() == 2);
        CHECK((again.outputs[0].already_present && !again.outputs[1].already_present));
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(again.outputs[i].path == whole.outputs[i].path);
            CHECK(again.outputs[i].references == whole.outputs[i].references);
            CHECK(holds(spec, again.outputs[i]));
        }
        disk::remove(spec.real_store + "/" + whole.outputs[1].path.base());
    }
}

TEST_CASE("a self-reference has the whole tree written twice") {
    const Folder folder;
    support::put_on_disk(folder.path + "/tree", support::file("", std::string(1'000'000, 'x') + one + std::string(1'000, 'y')));
    const Registration done = registered(spec_for(folder, {floating("out", folder.path + "/tree")}));
    const std::uint64_t size = done.outputs.at(0).nar_size;
    CHECK(done.bytes_written > size);
    CHECK(done.bytes_written <= size + 3 * 4096);
}

TEST_CASE("a tree that changes while it is read gets in") {
    const Folder folder;
    const std::string tree = folder.path + "/tree";
    for (const bool dry_run : {true, false}) {
        disk::remove_all(tree);
        support::put_on_disk(
            tree, support::folder("", {support::file("a", std::string(1'000'000, 'x') + one), support::file("b", "b")}));
        RegistrationSpec spec = spec_for(folder, {floating("out", tree)});
        spec.dry_run = dry_run;
        int asked = 0;
        spec.stop = [&] {
            if (++asked == 2) std::ofstream(tree + "/a", std::ios::app) << "more";
            return false;
        };
        CHECK_THROWS_WITH_AS(registered(spec), doctest::Contains("a: changed its size"), Error);
        CHECK(disk::is_empty(folder.path + "/store"));
    }
}

TEST_CASE("a tree between two readings of which it changed has an address") {
    const Folder folder;
    const std::string tree = folder.path + "/tree";
    support::put_on_disk(tree, support::file("", std::string(1'000, 'x') + one));
    RegistrationSpec spec = spec_for(folder, {floating("out", tree)});
    spec.dry_run = true;
    int asked = 0;
    spec.stop = [&] {
        // The first chunk of the second reading is the whole tree.
        if (++asked == 1) std::fstream(tree, std::ios::in | std::ios::out).seekp(10) << one;
        return false;
    };
    CHECK_THROWS_AS(registered(spec), Error);

    AddressFacts facts;
    facts.nar_hash = {HashType::sha256, support::plain_sha256(support::nar(support::file("", "x")))};
    DerivedUuidCheck check(HashType::sha256, one, facts);
    check.write(support::nar(support::file("", "y")));
    CHECK_THROWS_WITH_AS(check.finish(), doctest::Contains("changed while it was read"), Error);
}

TEST_CASE("a signed self-reference is refused without a word about the file") {
    const Folder folder;
    support::ImageSpec image;
    image.plants = {{5000, one}};
    support::put_on_disk(folder.path + "/tree",
                         support::folder("", {support::file("program", support::build(image).bytes, true)}));
    support::put_on_disk(folder.path + "/file", support::file("", support::build(image).bytes));
    for (const auto& [tree, file] : {std::pair{"/tree", "/tree/program"}, std::pair{"/file", "/file"}}) {
        RegistrationSpec spec = spec_for(folder, {floating("out", folder.path + tree)});
        const RegisteredOutput first = registered(spec).outputs.at(0);
        spec.on_signed_self_reference = SignedSelfReference::refuse;
        const auto named = [&](const std::string& blamed) {
            Registration refused;
            CHECK_THROWS_AS(register_outputs(spec, refused), Error);
            REQUIRE(refused.findings.size() == 1);
            CHECK(refused.findings[0].code == Code::signed_self_reference);
            CHECK(refused.findings[0].entry == blamed);
        };
        named(folder.path + file);
        // Under the path that it has in the end nothing is replaced.
        spec.outputs[0].scratch = first.path;
        spec.outputs[0].tree = folder.path + "/store/" + first.path.base();
        named(spec.outputs[0].tree + std::string(file).substr(std::string(tree).size()));
    }
}

TEST_CASE("what lies in its place already has twice as many substitutions") {
    const Folder folder;
    support::put_on_disk(folder.path + "/store/" + final_one + "-foo", support::folder("", {support::file("x", "see " + two)}));
    OutputSpec lib;
    lib.id = "lib";
    lib.kind = OutputKind::valid;
    lib.scratch = {two, "lib"};
    lib.path = {final_two, "lib"};
    OutputSpec out = addressed("out", folder.path + "/store/" + final_one + "-foo", final_one, final_one);
    RegistrationSpec spec = spec_for(folder, {out, lib});
    for (const bool dry_run : {true, false}) {
        spec.dry_run = dry_run;
        const Registration done = registered(spec);
        REQUIRE(done.outputs.at(0).files.size() == 1);
        CHECK(done.outputs[0].files[0].substitutions == 1);
    }
}

TEST_CASE("what is hashed as one file goes by two names") {
    const Folder folder;
    support::ImageSpec image;
    image.plants = {{5000, one}};
    image.signature.blobs = {support::no_requirements(), support::bound_cms("certificates")};
    support::put_on_disk(folder.path + "/tree", support::file("", support::build(image).bytes));
    OutputSpec output = floating("out", folder.path + "/tree");
    output.method = Method::flat;
    const RegistrationSpec spec = spec_for(folder, {output});
    Registration refused;
    CHECK_THROWS_AS(register_outputs(spec, refused), Error);
    REQUIRE(refused.findings.size() == 1);
    CHECK(refused.findings[0].entry == folder.path + "/tree");
}

TEST_CASE("who asks to stop waits for the reading of a tree that is there already") {
    const Folder folder;
    support::put_on_disk(folder.path + "/tree", support::file("", std::string(1'000'000, 'x')));
    RegistrationSpec spec = spec_for(folder, {floating("out", folder.path + "/tree")});
    int asked = 0, most = -1;
    spec.stop = [&] { return ++asked == most; };
    registered(spec);
    const int once = std::exchange(asked, 0);
    CHECK(registered(spec).outputs.at(0).already_present);
    CHECK(asked > once);
    most = asked;
    asked = 0;
    CHECK_THROWS_WITH_AS(registered(spec), doctest::Contains("interrupted"), Error);
}

TEST_CASE("what comes first in a circle is found, or a chain is taken for one") {
    CHECK(sort_topologically({}).order.empty());
    CHECK(sort_topologically({{1}, {2}, {}}).order == std::vector<std::size_t>{2, 1, 0});
    CHECK(sort_topologically({{}, {}, {0}}).order == std::vector<std::size_t>{0, 1, 2});
    CHECK(sort_topologically({{1, 2}, {2}, {}}).cycle.empty());
    CHECK(sort_topologically({{}, {2}, {3}, {1}}).cycle == std::vector<std::size_t>{1, 2, 3});
    CHECK(sort_topologically({{0}}).cycle == std::vector<std::size_t>{0});
}

TEST_CASE("two passes over a file are told as the last one alone, or slots twice") {
    EntryReport first{.path = "a", .substitutions = 2, .status = EntryStatus::resealed};
    first.images = {{"arm64", 0, ImageStatus::resealed, {{0, HashType::sha256, 4096, {1, 3}, "before", "between"}}}};
    EntryReport later = first;
    later.substitutions = 1;
    later.images[0].codedirectories[0] = {0, HashType::sha256, 4096, {0, 3}, "between", "after"};
    std::vector<EntryReport> files = {first};
    merge_files(files, {later, {.path = "b", .substitutions = 4}});
    REQUIRE(files.size() == 2);
    CHECK(files[0].substitutions == 3);
    const CodeDirectoryReport& directory = files[0].images[0].codedirectories[0];
    CHECK(directory.slots_changed == std::vector<std::int64_t>{0, 1, 3});
    CHECK(directory.cdhash_before == "before");
    CHECK(directory.cdhash_after == "after");
    CHECK(files[1].path == "b");
}

}  // namespace reseal::registration_test
