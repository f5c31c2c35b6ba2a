// SPDX-License-Identifier: BSL-1.0
// The hash modulo in all places where a hash part can stand; that it survives resealing is a law: tests/laws/modulo_test.cpp.
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/hash_modulo.hpp>

#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/plain_sha.hpp"
#include "support/rewritten.hpp"
#include "support/substitute.hpp"
#include "support/tree.hpp"

namespace reseal::hash_modulo_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

const std::string scratch = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", last = "g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q";
const std::string nuls(32, '\0');

ModuloHash taken(const std::string& bytes, const std::string& self, Options options = modulo_options(),
                 HashType type = HashType::sha256, const std::vector<Rule>& rules = {}) {
    HashModulo modulo(type, self, rules, std::move(options));
    modulo.write(bytes);
    return modulo.finish();
}

std::string replaced(const std::string& bytes, const std::string& from, const std::string& to) {
    return support::substitute({{from, to}}, bytes).bytes;
}

/// Registers `bytes` and checks the result: the value of the scratch bytes is that of the final ones.
struct Registered {
    Registered(const std::string& bytes, const Options& options = {}, const std::vector<Rule>& siblings = {}) {
        first = taken(bytes, scratch, options, HashType::sha256, siblings);
        std::vector<Rule> rules = siblings;
        rules.push_back({scratch, last});
        const support::Rewritten run = support::rewrite(Rules(rules), bytes, options);
        REQUIRE(run.failure == "");
        final_bytes = run.output;
        const ModuloHash again = taken(final_bytes, last);
        CHECK(again.with_positions == first.with_positions);
        CHECK(again.self_references == first.self_references);
        normalised = again.normalised;
        nix = taken(final_bytes, last, modulo_options(Scheme::nix)).with_positions;
        CHECK((nix == first.with_positions) == !normalised);
    }
    ModuloHash first;
    std::string final_bytes;
    bool normalised = false;
    store::Hash nix;
};

ImageSpec planted(std::vector<support::Plant> plants) {
    ImageSpec spec;
    spec.plants = std::move(plants);
    return spec;
}

/// Whether these bytes have no value, or another one.
bool noticed(const Registered& registered, const std::string& bytes) {
    try {
        return taken(bytes, last).with_positions != registered.first.with_positions;
    } catch (const Error&) {
        return true;
    }
}

/// The slot's own bytes lie in no page, and with NULs in the page it is computed anew: only the scheme notices a change.
void changed_slot_is_noticed(const Registered& registered, const support::Image& image, std::int64_t slot) {
    std::string bytes = registered.final_bytes;
    bytes[static_cast<std::size_t>(image.slot(slot))] ^= 1;
    CHECK(noticed(registered, bytes));
}

}  // namespace

TEST_CASE("Nix finds another hash modulo") {
    const std::string archive = support::nar(support::file("", "hello /nix/store/" + scratch + "-foo\n"));
    const ModuloHash value = taken(archive, scratch);
    CHECK(value.size == 168);
    CHECK(value.self_references == std::vector<std::uint64_t>{113});
    CHECK(value.with_positions.hex() == "9681ac80104e6880aa00c78328fda5f6201d4a84337e12584af3e55d3911d894");
    CHECK(value.without_positions.hex() == "78b5cb85b3ace480cd4035c0de40000f4c30ee490be0e856225609bb8753cad1");
    CHECK_FALSE(value.normalised);
    const store::ContentAddress with{store::Method::nar, value.with_positions},
        without{store::Method::nar, value.without_positions};
    CHECK(store::content_path("/nix/store", "foo", with, {{}, true}).hash_part == "07a2zd2xjyl6ac1y71422ypixnba3q2q");
    CHECK(store::content_path("/nix/store", "foo", without, {{}, true}).hash_part == "d7cgvpwhazaizbg20i5s2s6mn3960l5j");

    const auto final_hash = [&](const std::string& self) {
        return store::Hash{HashType::sha256, support::plain_sha256(replaced(archive, scratch, self))}.nix32();
    };
    CHECK(final_hash("07a2zd2xjyl6ac1y71422ypixnba3q2q") == "sha256:1gn9nx9vlx06lf9fjhv7n4mgm9myml48myba9457bcgbp0kqg0yi");
    CHECK(final_hash("d7cgvpwhazaizbg20i5s2s6mn3960l5j") == "sha256:07rl21xi158m0i317530lw1c5290w0x3lackrrrb2m9i2p9rngqj");
}

TEST_CASE("a link's target counts for nothing, or stands elsewhere than Nix says") {
    const std::string path = "/nix/store/" + scratch + "-foo/bin/";
    const std::string archive =
        support::nar(support::folder("", {support::folder("bin", {support::file("x", "#!" + path + "sh\n", true)}),
                                          support::link("link", path + "x"), support::file("zz", "")}));
    const ModuloHash value = taken(archive, scratch);
    CHECK(value.size == 968);
    CHECK(value.self_references == std::vector<std::uint64_t>{413, 691});
    const std::vector<store::StorePath> bar = {store::parse_store_path("zc842j0rz61mjsp3h3wp5ly71ak6qgdn-bar")};
    const auto path_of = [&](const store::Hash& hash) {
        return store::content_path("/nix/store", "foo", {store::Method::nar, hash}, {bar, true}).hash_part;
    };
    CHECK(path_of(value.with_positions) == "jm117z55rh2mm4zmv0gbfbdlr0bc5iaf");
    CHECK(path_of(value.without_positions) == "7skad0b0vx9s9hx24hw80wgx6dy5k8my");
}

TEST_CASE("a real hash part and NULs give one address") {
    const std::string two = "a " + scratch + " b " + scratch, one = "a " + nuls + " b " + scratch;
    CHECK(taken(two, scratch).without_positions == taken(one, scratch).without_positions);
    CHECK(taken(two, scratch).with_positions != taken(one, scratch).with_positions);
}

TEST_CASE("another algorithm, or no self-reference at all") {
    const std::string text = "see " + scratch;
    CHECK(taken("plain", "").with_positions.bytes == support::plain_sha256("plain"));
    CHECK(taken("plain", scratch).with_positions.bytes == support::plain_sha256("plain"));
    CHECK(taken(text, scratch, modulo_options(), HashType::sha512).with_positions.bytes ==
          support::plain_sha512("see " + nuls + "|4"));
    if (digest::available(HashType::sha1))
        CHECK(taken(text, scratch, modulo_options(), HashType::sha1).without_positions.bytes ==
              support::plain_sha1("see " + nuls));
    CHECK_THROWS_AS(HashModulo(HashType::sha256, scratch, {{scratch, last}}), Error);
}

TEST_CASE("a hash part across two pages spoils one of their slots") {
    const support::Image image = build(planted({{2 * 4096 - 16, scratch}}));
    const Registered registered(image.bytes);
    CHECK(registered.normalised);
    changed_slot_is_noticed(registered, image, 1);
    changed_slot_is_noticed(registered, image, 2);
}

TEST_CASE("a page shared with a sibling is hashed before both are there") {
    const std::string sibling(32, 's'), known(32, 'k');
    const support::Image image = build(planted({{8200, scratch}, {8300, sibling}, {12300, sibling}}));
    const Registered registered(image.bytes, {}, {{sibling, known}});
    CHECK(registered.normalised);
    changed_slot_is_noticed(registered, image, 2);
    const Registered alone(build(planted({{12300, sibling}})).bytes, {}, {{sibling, known}});
    CHECK_FALSE(alone.normalised);  // a slot that only a sibling changed is none of the scheme's business
}

TEST_CASE("one of two CodeDirectories is forgotten") {
    if (!digest::available(HashType::sha1)) return;
    ImageSpec spec = planted({{5000, scratch}});
    primary(spec).hash_type = 1;
    spec.signature.directories.push_back({.slot = support::slot_alternate, .hash_type = 2});
    const support::Image image = build(spec);
    const Registered registered(image.bytes);
    CHECK(registered.normalised);
    for (const support::BuiltDirectory& directory : image.directories) {
        std::string bytes = registered.final_bytes;
        bytes[static_cast<std::size_t>(directory.code_slots + directory.hash_size)] ^= 1;
        CHECK(noticed(registered, bytes));
    }
    // Only the alternate one is stale: refused when registering, or put right under the policy that says so.
    std::string stale = image.bytes;
    stale[static_cast<std::size_t>(image.directories[1].code_slots + image.directories[1].hash_size)] ^= 1;
    CHECK_THROWS_AS(taken(stale, scratch), Error);
    Options options;
    options.stale = StalePolicy::reseal;
    CHECK(Registered(stale, options).normalised);
}

TEST_CASE("a hash part in the entitlements cuts them short") {
    ImageSpec spec = planted({});
    spec.signature.blobs = {support::entitlements("<plist>/nix/store/" + scratch + "-x</plist>"),
                            support::der_entitlements("0\x10/nix/store/" + scratch)};
    primary(spec).special_slots = 7;
    const support::Image image = build(spec);
    const Registered registered(image.bytes);
    CHECK(registered.normalised);
    changed_slot_is_noticed(registered, image, -5);
    changed_slot_is_noticed(registered, image, -7);
}

TEST_CASE("a hash part in __info_plist leaves slot -1 behind") {
    ImageSpec spec = planted({});
    spec.info_plist = "<plist>" + scratch + "</plist>";
    const support::Image image = build(spec);
    const Registered registered(image.bytes);
    CHECK(registered.normalised);
    changed_slot_is_noticed(registered, image, -1);
}

TEST_CASE("a hash part in the identifier or the team ends it early") {
    ImageSpec spec = planted({});
    primary(spec).identifier = "org." + scratch + ".image";
    primary(spec).team = "T" + scratch;
    const Registered registered(build(spec).bytes);
    CHECK_FALSE(registered.normalised);  // nothing seals them but the CMS signature that is not there
    spec.plants = {{5000, scratch}};
    CHECK(Registered(build(spec).bytes).normalised);
}

TEST_CASE("bytes that nothing seals are sealed") {
    ImageSpec spec = planted({});
    spec.signature.padding = "padding " + scratch;
    CHECK_FALSE(Registered(build(spec).bytes).normalised);
    spec = planted({});
    spec.trailer = "behind " + scratch;
    CHECK_FALSE(Registered(build(spec).bytes).normalised);
    spec = planted({{5000, scratch}});
    spec.has_signature = false;
    CHECK_FALSE(Registered(build(spec).bytes).normalised);
}

TEST_CASE("of two slices the one without the hash part is normalised too") {
    ImageSpec other;
    other.cputype = support::cpu_x86_64;
    const support::Image hit = build(planted({{5000, scratch}})), untouched = build(other);
    const Registered registered(support::fat({untouched, hit}).bytes);
    CHECK(registered.normalised);
    const std::string& file = registered.final_bytes;
    CHECK(file.find(untouched.bytes) != std::string::npos);
}

TEST_CASE("a CMS signature is kept in the hash and not in the file, or the other way round") {
    ImageSpec spec = planted({{5000, scratch}});
    spec.signature.blobs = {support::no_requirements(), support::bound_cms("certificates")};
    const std::string bytes = build(spec).bytes;
    CHECK_THROWS_AS(taken(bytes, scratch, Options{}), Error);
    Options options;
    options.cms = CmsPolicy::adhoc;
    CHECK(Registered(bytes, options).normalised);
    options.cms = CmsPolicy::keep;
    CHECK(Registered(bytes, options).normalised);
}

TEST_CASE("bytes that have their final hash part already change") {
    const support::Image image = build(planted({{5000, last}}));
    CHECK(taken(image.bytes, last).with_positions == Registered(build(planted({{5000, scratch}})).bytes).first.with_positions);
}

TEST_CASE("a name with the hash part in it is hashed under another name") {
    const std::string archive = support::nar(support::folder("", {support::file("lib-" + scratch, "x")}));
    HashModulo modulo(HashType::sha256, scratch);
    modulo.write(archive);
    CHECK_THROWS_WITH_AS(modulo.finish(), doctest::Contains(scratch.c_str()), Error);
}

TEST_CASE("a link that holds the hash part has no hash modulo") {
    const std::string nar = support::nar(support::link("", "/nix/store/" + scratch + "-x"));
    const std::string value = support::plain_sha256(replaced(nar, scratch, nuls));
    for (const Options& options : {modulo_options(), modulo_options(Scheme::nix), Options()}) {
        const ModuloHash hash = taken(nar, scratch, options);
        CHECK(hash.without_positions.bytes == value);
        CHECK(hash.self_references.size() == 1);
    }
}

}  // namespace reseal::hash_modulo_test
