// SPDX-License-Identifier: BSL-1.0
// Builds whose linker made LC_UUID of what it wrote, the scratch path included, become one store path.
#include <doctest/doctest.h>

#include <filesystem>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <reseal/registration.hpp>
#include <stdexcept>

#include "store/address_check.hpp"
#include "support/blobs.hpp"
#include "support/disk.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/plain_sha.hpp"
#include "support/rewritten.hpp"
#include "support/tree.hpp"

namespace reseal::derived_uuid_test {
using namespace std::string_literals;
using store::RegisteredOutput;
using support::Node;

namespace {

const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn",
                  lib_one = "g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q", lib_two = "07a2zd2xjyl6ac1y71422ypixnba3q2q";

support::ImageSpec program(const std::vector<support::Plant>& plants, std::uint64_t seed = 1,
                           std::uint32_t cputype = support::cpu_arm64) {
    support::ImageSpec spec;
    spec.cputype = cputype;
    spec.plants = plants;
    spec.seed = seed;
    return support::with_uuid(spec);
}

std::string built(const std::vector<support::Plant>& plants, std::uint64_t seed = 1) {
    return build(program(plants, seed)).bytes;
}

/// What a build leaves: programs with their path in a page, across two, in one slice of two, and in no page at all.
Node tree(const std::string& self) {
    support::ImageSpec identified = program({});
    primary(identified).identifier = "id." + self;
    return support::folder(
        "", {
                support::file("across", built({{2 * 4096 - 7, self}})),
                support::file(
                    "fat", support::fat({build(program({{9000, self}}, 2)), build(program({}, 3, support::cpu_x86_64))}).bytes),
                support::file("identified", build(identified).bytes),
                support::file("none", built({})),
                support::file("program", built({{5000, self}, {9000, self}}), true),
                support::file("text", "see /nix/store/" + self + "-x\n"),
            });
}

class Store {
public:
    Store() : folder_(std::filesystem::temp_directory_path() / "reseal-uuid-XXXXXX") {
        std::string name = folder_.string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        std::filesystem::create_directory(folder_ / "store");
        spec.real_store = (folder_ / "store").string();
        spec.derive_uuid = true;
    }
    ~Store() {
        std::error_code none;
        for (const auto& each : std::filesystem::recursive_directory_iterator(folder_, none))
            if (each.is_directory()) std::filesystem::permissions(each, std::filesystem::perms::owner_all, none);
        std::filesystem::remove_all(folder_, none);
    }
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    void add(const std::string& id, const std::string& scratch, const Node& node) {
        const std::string tree = (folder_ / (id + "-tree")).string();
        support::put_on_disk(tree, node);
        store::OutputSpec output;
        output.id = id;
        output.scratch = {scratch, id};
        output.tree = tree;
        spec.outputs.push_back(output);
    }
    RegisteredOutput registered(const std::string& id = "out") {
        store::Registration done;
        store::register_outputs(spec, done);
        for (const RegisteredOutput& each : done.outputs)
            if (each.id == id) return each;
        FAIL(id);
        return {};
    }
    std::string place(const RegisteredOutput& output) const { return spec.real_store + "/" + output.path.base(); }
    std::string archive(const RegisteredOutput& output) const { return support::nar(support::read_from_disk(place(output))); }

    store::RegistrationSpec spec;

private:
    std::filesystem::path folder_;
};

RegisteredOutput registered(Store& store, const std::string& scratch, const Node& node) {
    store.add("out", scratch, node);
    return store.registered();
}

const Node& child(const Node& node, const std::string& name) {
    for (const Node& each : node.children)
        if (each.name == name) return each;
    throw std::logic_error("no child " + name);
}

struct Checked {
    bool plain = false, derived = false;
    std::string not_derived;
};

/// Whether an archive has this address, and by which way.
Checked checked(const std::string& archive, const RegisteredOutput& output) {
    store::AddressCheck check(store::Method::nar, HashType::sha256, output.path.hash_part, "tree");
    check.write(archive);
    const store::AddressFacts facts = check.finish();
    Checked result;
    for (const store::AddressFound& each : facts.found) result.plain = result.plain || each.address.hash == output.content_hash;
    if (facts.nul_uuids.empty()) return result;
    store::DerivedUuidCheck again(HashType::sha256, output.path.hash_part, facts);
    again.write(archive);
    for (const store::AddressFound& each : again.finish()) {
        if (each.address.hash != output.content_hash) continue;
        result.derived = true;
        result.not_derived = each.not_derived;
        CHECK(each.scheme == Scheme::reseal1);
        CHECK(each.derived_uuids);
    }
    return result;
}

std::string uuid_of(const std::string& bytes, std::size_t from = 0) {
    return bytes.substr(bytes.find("\x1b\0\0\0\x18\0\0\0"s, from) + 8, 16);
}

}  // namespace

TEST_CASE("two builds of one program have two store paths") {
    REQUIRE(uuid_of(built({{5000, one}})) != uuid_of(built({{5000, two}})));
    Store first, second, plain_first, plain_second;
    const RegisteredOutput a = registered(first, one, tree(one)), b = registered(second, two, tree(two));
    CHECK(a.path == b.path);
    CHECK(a.nar_hash == b.nar_hash);
    CHECK(a.ca == b.ca);
    CHECK(a.scheme == Scheme::reseal1);
    CHECK(first.archive(a) == second.archive(b));
    CHECK(a.reads == 3);
    CHECK(a.writes == 1);
    plain_first.spec.derive_uuid = plain_second.spec.derive_uuid = false;
    const RegisteredOutput plain = registered(plain_first, one, tree(one));
    CHECK(plain.path != registered(plain_second, two, tree(two)).path);
    CHECK(plain.path != a.path);
    CHECK(plain.reads == 2);

    const Node result = support::read_from_disk(first.place(a));
    for (const char* name : {"across", "fat", "identified", "none", "program"})
        CHECK(support::check(child(result, name).bytes).good_and_signed());
}

TEST_CASE("a UUID is not the one that follows from the code, or replaced where nothing asks for it") {
    Store store;
    const RegisteredOutput done = registered(store, one, tree(one));
    const Node result = support::read_from_disk(store.place(done));
    const std::string code = child(result, "program").bytes.substr(0, support::ImageSpec().code_size);
    std::string zeroed = code;
    for (std::size_t at; (at = zeroed.find(done.path.hash_part)) != zeroed.npos;) zeroed.replace(at, 32, 32, '\0');
    zeroed.replace(zeroed.find(uuid_of(code)), 16, 16, '\0');
    std::string want = support::plain_sha256(zeroed).substr(0, 16);
    want[6] = static_cast<char>((want[6] & 0x0f) | 0x80);
    want[8] = static_cast<char>((want[8] & 0x3f) | 0x80);
    CHECK(uuid_of(code) == want);

    const Node scratch = tree(one);
    CHECK(child(result, "none").bytes == child(scratch, "none").bytes);
    const std::string identified = child(result, "identified").bytes;  // no page depends on the path
    CHECK(uuid_of(identified) == uuid_of(child(scratch, "identified").bytes));
    const std::string fat = child(result, "fat").bytes, slice = build(program({}, 3, support::cpu_x86_64)).bytes;
    CHECK(fat.find(slice) != fat.npos);
    CHECK(uuid_of(fat) != uuid_of(child(scratch, "fat").bytes));
    for (const EntryReport& each : done.files)
        for (const ImageReport& image : each.images)
            CHECK(image.uuid.has_value() == (image.status == ImageStatus::resealed && each.path != "identified"));
}

TEST_CASE("an address with derived UUIDs cannot be checked, or is true of any UUID") {
    Store store;
    const RegisteredOutput done = registered(store, one, tree(one));
    const std::string archive = store.archive(done);
    const Checked good = checked(archive, done);
    CHECK_FALSE(good.plain);
    CHECK(good.derived);
    CHECK(good.not_derived == "");
    for (const char* name : {"across", "fat", "program"}) {
        const std::string uuid = uuid_of(child(support::read_from_disk(store.place(done)), name).bytes);
        std::string other = uuid;
        other[15] = static_cast<char>(other[15] ^ 1);
        const support::Rewritten changed = support::rewrite(Rules({{uuid, other}}), archive);
        REQUIRE(changed.failure == "");
        CHECK(checked(changed.output, done).not_derived == name);  // sealed again, so the hash is the same
    }
    // without sealing, and in a program whose UUID the address holds
    const std::string program = child(support::read_from_disk(store.place(done)), "program").bytes;
    CHECK_FALSE(checked(support::poked(archive, archive.find(program) + program.find(uuid_of(program)), "?"), done).derived);
    const std::string none = uuid_of(child(support::read_from_disk(store.place(done)), "none").bytes);
    CHECK_FALSE(checked(support::rewrite(Rules({{none, std::string(16, 'u')}}), archive).output, done).derived);

    Store plain;
    plain.spec.derive_uuid = false;
    const RegisteredOutput without = registered(plain, one, tree(one));
    CHECK(checked(plain.archive(without), without).plain);
    CHECK_FALSE(checked(plain.archive(without), without).derived);
}

TEST_CASE("what was registered once is another path the second time") {
    Store store;
    const RegisteredOutput done = registered(store, one, tree(one));
    store::OutputSpec again = store.spec.outputs[0];
    again.scratch = done.path;
    again.tree = store.place(done);
    store.spec.outputs = {again};
    const RegisteredOutput second = store.registered();
    CHECK(second.path == done.path);
    CHECK(second.nar_hash == done.nar_hash);
    CHECK(second.scheme == Scheme::reseal1);
    CHECK(second.already_present);

    // The hash part is final already, and the UUID is not.
    Store other;
    std::string archive = store.archive(done);
    const std::string uuid = uuid_of(child(support::read_from_disk(store.place(done)), "program").bytes);
    archive = support::rewrite(Rules({{uuid, std::string(16, 'u')}}), archive).output;
    NarRestore restore(other.spec.real_store + "/x");
    restore.write(archive);
    restore.finish();
    again.tree = other.spec.real_store + "/x";
    other.spec.outputs = {again};
    CHECK(other.registered().nar_hash == done.nar_hash);
}

TEST_CASE("nothing written says something else of UUIDs") {
    Store store;
    store.add("out", one, tree(one));
    store.spec.dry_run = true;
    const RegisteredOutput dry = store.registered();
    store.spec.dry_run = false;
    const RegisteredOutput wet = store.registered();
    CHECK(dry.path == wet.path);
    CHECK(dry.nar_hash == wet.nar_hash);
    CHECK(dry.scheme == wet.scheme);
}

TEST_CASE("a UUID is derived before a sibling has its path") {
    const auto both = [](Store& store, const std::string& self, const std::string& lib) {
        store.add("out", self, support::folder("", {support::file("program", built({{5000, self}, {9000, lib}}))}));
        store.add("lib", lib, support::folder("", {support::file("so", built({{5000, lib}}, 2))}));
    };
    std::vector<RegisteredOutput> all;
    for (const bool ordered : {false, true})
        for (const bool dry : {false, true})
            for (const bool other : {false, true}) {
                Store store;
                both(store, other ? two : one, other ? lib_two : lib_one);
                if (ordered) store.spec.order = {"lib", "out"};
                store.spec.dry_run = dry;
                all.push_back(store.registered());
                CHECK(all.back().path == all.front().path);
                CHECK(all.back().nar_hash == all.front().nar_hash);
                CHECK(all.back().references == all.front().references);
                CHECK(all.back().reads == (ordered ? 3 : 4));
                if (!dry) CHECK(checked(store.archive(all.back()), all.back()).derived);
            }
}

TEST_CASE("a signed self-reference is let in because only its UUID is told of") {
    Store store;
    store.spec.on_signed_self_reference = store::SignedSelfReference::refuse;
    store.add("out", one, tree(one));
    CHECK_THROWS_AS(store.registered(), Error);
    store.spec.on_signed_self_reference = store::SignedSelfReference::drop_ca;
    const RegisteredOutput dropped = store.registered();
    CHECK_FALSE(dropped.ca);
    Store second;
    CHECK(registered(second, two, tree(two)).path == dropped.path);
}

TEST_CASE("a tree without such programs is read once more") {
    Store store;
    const RegisteredOutput text = registered(store, one, support::file("", "see " + one));
    CHECK(text.reads == 2);
    CHECK(text.scheme == Scheme::nix);
    Store second;
    CHECK(registered(second, one, support::folder("", {support::file("none", built({}))})).reads == 1);
    Store unsigned_store;
    support::ImageSpec spec = program({{5000, one}});
    spec.has_signature = false;
    const RegisteredOutput without = registered(unsigned_store, one, support::file("", build(spec).bytes));
    CHECK(without.scheme == Scheme::nix);
    CHECK(uuid_of(support::read_from_disk(unsigned_store.place(without)).bytes) == uuid_of(build(spec).bytes));
}

TEST_CASE("a program that cannot be sealed, or is CMS-signed, has no address that holds") {
    support::ImageSpec cms = program({{5000, one}});
    cms.signature.blobs = {support::no_requirements(), support::bound_cms("certificates")};
    support::ImageSpec broken = program({{5000, one}});
    broken.signature.pokes = {{0, "\x01"}};
    support::ImageSpec encrypted = program({{5000, one}});
    encrypted.cryptid = 1;
    for (const CmsPolicy policy : {CmsPolicy::adhoc, CmsPolicy::keep})
        for (const support::ImageSpec& spec : {cms, broken, encrypted, program({{5000, one}})}) {
            Store store;
            store.spec.cms = policy;
            store.spec.unsealable = UnsealablePolicy::keep;
            const RegisteredOutput done =
                registered(store, one, support::folder("", {support::file("program", build(spec).bytes)}));
            const Checked holds = checked(store.archive(done), done);
            CHECK((holds.plain || (holds.derived && holds.not_derived.empty())));
            CHECK(holds.derived == !spec.cryptid);
        }
    // A page of the image was broken before: that of the UUID too is put right only where the policy says so.
    Store stale;
    const std::string poked = support::poked(built({{5000, one}}), 3000, "X");
    stale.add("out", one, support::folder("", {support::file("program", poked)}));
    CHECK_THROWS_AS(stale.registered(), Error);
    stale.spec.stale = StalePolicy::reseal;
    const RegisteredOutput done = stale.registered();
    CHECK(checked(stale.archive(done), done).derived);
}

}  // namespace reseal::derived_uuid_test
