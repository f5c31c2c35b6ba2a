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

#include "store/address_check.hpp"
#include "store/merged_files.hpp"
#include "store/topology.hpp"
#include "support/blobs.hpp"
#include "support/disk.hpp"
#include "support/image_builder.hpp"
#include "support/oracle.hpp"
#include "support/tree.hpp"

using namespace reseal;
using namespace reseal::store;
namespace disk = std::filesystem;

namespace {

const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn";

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
