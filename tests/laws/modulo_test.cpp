// SPDX-License-Identifier: BSL-1.0
// A hash modulo that is taken at the scratch path is the one that anybody takes of the final bytes:
//     rewrite(S, {sibling → final, self → NULs}) = rewrite(rewrite(S, {sibling → final, self → h}), {h → NULs})
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/hash_modulo.hpp>

#include "laws/inputs.hpp"
#include "support/chunks.hpp"
#include "support/random.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

using namespace reseal;
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
