// SPDX-License-Identifier: BSL-1.0
// A hash modulo that is taken at the scratch path is the one that anybody takes of the final bytes:
//     rewrite(S, {sibling → final, self → NULs}) = rewrite(rewrite(S, {sibling → final, self → h}), {h → NULs})
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/hash_modulo.hpp>

#include "laws/inputs.hpp"
#include "support/chunks.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/random.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

namespace reseal::modulo_test {
using laws::Input;

namespace {

// The hash parts of support::path_a and path_b.
const std::string scratch = "4jv9ckzqzmvbxdn2ssmr7a5s0lwmpi1k", final_part = "wd8hs1xrq0hfnl3yx6gcb9zkqv25ap7d";
const std::string nuls(32, '\0');

/// The hash parts of a sibling that stands somewhere in the bytes, but nowhere else, nor beside the self-reference.
std::vector<Rule> sibling(const std::string& bytes, std::uint64_t seed) {
    support::Random random(seed);
    for (int tries = 0; bytes.size() > 200 && tries < 20; ++tries) {
        const std::string from = bytes.substr(random.below(bytes.size() - 32), 32);
        if (bytes.find(from) != bytes.rfind(from) || from.find(scratch.substr(0, 4)) != std::string::npos) continue;
        std::string to = from;
        for (std::size_t i = 0; i < to.size(); i += 5) to[i] = static_cast<char>(to[i] ^ 0x11);
        return {{from, to}};
    }
    return {};
}

std::vector<Rule> and_self(std::vector<Rule> rules, const std::string& to) {
    rules.push_back({scratch, to});
    return rules;
}

/// Returns whether there was anything to compare: an input that the policies refuse has no final bytes.
bool holds(const std::string& bytes, const std::vector<Rule>& rules, const Options& options) {
    Options zeroing = options;
    zeroing.nul_targets = true;
    const support::Rewritten zeroed = support::rewrite(Rules(and_self(rules, nuls)), bytes, zeroing);
    const support::Rewritten last = support::rewrite(Rules(and_self(rules, final_part)), bytes, options);
    CHECK(zeroed.refused() == last.refused());
    if (last.refused()) return false;
    Options fixed = modulo_options();
    fixed.nul_targets = true;
    fixed.format = options.format;
    fixed.name = options.name;
    const support::Rewritten again = support::rewrite(Rules({{final_part, nuls}}), last.output, fixed);
    CHECK(again.failure == "");
    CHECK(laws::same(again.output, zeroed.output));

    // The same by way of two rewritings, which is how a tree is registered.
    const support::Rewritten copy = support::rewrite(Rules(and_self(rules, scratch)), bytes, options);
    CHECK(laws::same(support::rewrite(Rules({{scratch, final_part}}), copy.output, options).output, last.output));

    const auto taken = [&](const std::string& of, const std::string& self, const std::vector<Rule>& with, const Options& how,
                           std::size_t chunk) {
        HashModulo modulo(HashType::sha256, self, with, how);
        support::apply(chunk, of, [&](std::string_view each) { modulo.write(each); });
        return modulo.finish();
    };
    const ModuloHash first = taken(bytes, scratch, rules, options, 0), second = taken(last.output, final_part, {}, fixed, 0);
    CHECK(first.with_positions == second.with_positions);
    CHECK(first.without_positions == second.without_positions);
    CHECK(first.self_references == second.self_references);
    CHECK(first.size == bytes.size());
    CHECK(taken(last.output, final_part, {}, fixed, 4097).with_positions == second.with_positions);
    if (!second.normalised) {  // Nix finds the same
        const ModuloHash nix = taken(last.output, final_part, {}, modulo_options(Scheme::nix), 16384);
        CHECK(nix.with_positions == second.with_positions);
    }
    return true;
}

}  // namespace

TEST_CASE("the hash modulo of final bytes is another than that of the scratch bytes") {
    int seen = 0;
    std::uint64_t seed = 0;
    for (const laws::TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        CHECK(holds(input.bytes, {}, {}));
        const std::vector<Rule> rules = sibling(input.bytes, ++seed);
        for (const StalePolicy stale : {StalePolicy::refuse, StalePolicy::reseal}) {
            Options options;
            options.stale = stale;
            seen += holds(input.bytes, rules, options) ? 1 : 0;
        }
    }
    CHECK(seen > 20);
}

TEST_CASE("the hash modulo of an odd file that is let through cannot be taken again") {
    int seen = 0;
    for (const Input& input : laws::odd()) {
        CAPTURE(input.name);
        for (const CmsPolicy cms : {CmsPolicy::refuse, CmsPolicy::adhoc, CmsPolicy::keep}) {
            for (const StalePolicy stale : {StalePolicy::refuse, StalePolicy::reseal}) {
                for (const UnsealablePolicy unsealable : {UnsealablePolicy::refuse, UnsealablePolicy::keep}) {
                    Options options;
                    options.cms = cms;
                    options.stale = stale;
                    options.unsealable = unsealable;
                    options.format = Format::plain;
                    if (input.bytes.find(scratch) != std::string::npos) seen += holds(input.bytes, {}, options) ? 1 : 0;
                }
            }
        }
    }
    CHECK(seen > 40);
}

TEST_CASE("the hash modulo of a tree does not survive") {
    std::vector<support::Node> files;
    for (const laws::TwinInput& input : laws::twins())
        files.push_back(support::file(std::to_string(1000 + files.size()), input.bytes, files.size() % 2 == 0));
    files.push_back(support::link("link", support::path_a + "/bin/sh"));
    files.push_back(support::file("zz", "#!" + support::path_a + "/bin/sh\n"));
    const std::string archive = support::nar(support::folder("root", files));
    CHECK(holds(archive, {}, {}));
    CHECK(holds(archive, sibling(archive, 5), {}));
}

namespace {

const std::string own_path = "1zn3i5jqr7cvbdpxwkmfy80sgal42h96";  // the hash part that the result gets

/// Registers bytes that were linked at `self`, UUIDs derived, and takes the hash again from the result: by every rule of the
/// game, with NULs for UUIDs, and with the ones that stand there compared with the ones that should.
struct Derived {
    Derived(const std::string& bytes, const std::string& self, const Options& options, const std::vector<Rule>& rules = {}) {
        const auto taken = [&](const std::string& of, const std::string& part, const std::vector<Rule>& with, Options how,
                               const ModuloHash* first, std::size_t chunk) {
            if (first != nullptr) how.uuids = first->nul_uuids();
            HashModulo modulo(HashType::sha256, part, with, how);
            support::apply(chunk, of, [&](std::string_view each) { modulo.write(each); });
            return modulo.finish();
        };
        const ModuloHash first = taken(bytes, self, rules, options, nullptr, 4096);
        hash = taken(bytes, self, rules, options, &first, 4096);
        CHECK(hash.uuids.size() == first.uuids.size());
        CHECK(hash.self_references == first.self_references);
        if (hash.uuids.empty()) CHECK(hash.with_positions == first.with_positions);

        std::vector<Rule> last = rules;
        last.push_back({self, own_path});
        Options putting = options;
        putting.uuids = hash.derived_uuids();
        const support::Rewritten run = support::rewrite(Rules(last), bytes, putting);
        REQUIRE(run.failure == "");
        final_bytes = run.output;
        CHECK(support::rewrite(Rules(last), bytes, putting, 7) == run);

        Options fixed = modulo_options();
        fixed.nul_targets = true;
        fixed.format = options.format;
        fixed.name = options.name;
        const ModuloHash seen = taken(final_bytes, own_path, {}, fixed, nullptr, 4096);
        for (const std::size_t chunk : {std::size_t{4096}, std::size_t{3}, std::size_t{0}}) {
            const ModuloHash again = taken(final_bytes, own_path, {}, fixed, &seen, chunk);
            CHECK(again.with_positions == hash.with_positions);
            CHECK(again.without_positions == hash.without_positions);
            CHECK(again.uuids.size() == hash.uuids.size());
            CHECK((again.uuids.empty() || again.normalised));
            for (const auto& [place, uuid] : again.uuids) {
                CHECK(uuid.before == uuid.derived);
                CHECK(uuid.derived == hash.uuids.at(place).derived);
            }
        }
        // Registering it again changes nothing.
        putting.uuids = hash.derived_uuids();
        CHECK(laws::same(support::rewrite(Rules({{own_path, own_path}}), final_bytes, putting).output, final_bytes));
    }
    ModuloHash hash;
    std::string final_bytes;
};

}  // namespace

TEST_CASE("with derived UUIDs two builds differ, or the hash of one is not that of its final bytes") {
    int derived = 0, besides = 0;
    std::vector<support::Node> one, other;
    std::uint64_t seed = 0;
    for (const support::Shape& shape : support::shapes()) {
        CAPTURE(shape.name);
        const support::ImageSpec spec = support::with_uuid(shape.spec);
        const support::ImageSpec twin = support::with_uuid(support::with_path(shape.spec, support::path_a, support::path_b));
        const std::string a = build(spec).bytes, b = build(twin).bytes;
        REQUIRE(spec.commands != twin.commands);
        const Derived from_a(a, scratch, {}), from_b(b, final_part, {});
        CHECK(laws::same(from_a.final_bytes, from_b.final_bytes));
        CHECK(from_a.hash.with_positions == from_b.hash.with_positions);
        CHECK(support::check(from_a.final_bytes).good_and_signed());
        derived += from_a.hash.uuids.empty() ? 0 : 1;
        if (const std::vector<Rule> rules = sibling(a, ++seed); !support::rewrite(Rules(rules), a).refused()) {
            const Derived beside_sibling(a, scratch, {}, rules);
            besides += rules.empty() ? 0 : 1;
        }
        const std::string name = std::to_string(1000 + one.size());
        one.push_back(support::file(name, a));
        other.push_back(support::file(name, b));
    }
    CHECK(derived > 20);
    CHECK(besides > 10);
    for (std::vector<support::Node>* each : {&one, &other}) each->push_back(support::link("x", "elsewhere"));
    const std::string a = support::nar(support::folder("", one)), b = support::nar(support::folder("", other));
    const Derived from_a(a, scratch, {}), from_b(b, final_part, {});
    CHECK(from_a.hash.uuids.size() == static_cast<std::size_t>(derived));
    CHECK(laws::same(from_a.final_bytes, from_b.final_bytes));
    CHECK(from_a.hash.with_positions == from_b.hash.with_positions);
}

TEST_CASE("the UUID of one slice is put into another") {
    const auto slice = [](const std::string& path, std::uint32_t cputype, bool hit) {
        support::ImageSpec spec = support::with_path_in_code(path);
        spec.cputype = cputype;
        if (!hit) spec.plants.clear(), spec.rpath.clear();
        return build(support::with_uuid(spec));
    };
    for (const bool both : {true, false}) {
        const auto file = [&](const std::string& path) {
            return support::fat({slice(path, support::cpu_arm64, true), slice(path, support::cpu_x86_64, both)}).bytes;
        };
        const Derived a(file(support::path_a), scratch, {}), b(file(support::path_b), final_part, {});
        CHECK(a.hash.uuids.size() == (both ? 2 : 1));
        CHECK(laws::same(a.final_bytes, b.final_bytes));
        CHECK(a.hash.with_positions == b.hash.with_positions);
        CHECK(support::check(a.final_bytes).good_and_signed());
    }
}

TEST_CASE("an edit in a UUID that is to be another one") {
    support::ImageSpec spec = support::with_uuid(support::with_path_in_code(support::path_a));
    const std::string bytes = build(spec).bytes, uuid = bytes.substr(support::uuid_offset(spec), 16);
    Options options;
    options.uuids[{options.name, 0}] = std::string(16, 'u');
    const support::Rewritten put = support::rewrite(Rules(), bytes, options);
    CHECK(put.output.substr(support::uuid_offset(spec), 16) == std::string(16, 'u'));
    CHECK(support::check(put.output).good_and_signed());
    CHECK(put.report.entries.at(0).images.at(0).uuid->before == uuid);
    CHECK(support::rewrite(Rules({{uuid, std::string(16, 'v')}}), bytes, options).refused());
    CHECK_FALSE(support::rewrite(Rules({{uuid, std::string(16, 'v')}}), bytes, {}).refused());
    options.uuids.begin()->second += "u";
    CHECK_THROWS_AS(support::rewrite(Rules(), bytes, options), Error);
}

}  // namespace reseal::modulo_test
