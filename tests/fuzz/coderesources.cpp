// SPDX-License-Identifier: BSL-1.0
// A CodeResources of any bytes is refused with an Error that says so, or is a list each entry of which seals something or says
// why not; its rules match in bounded time, whatever was matched before; its requirements have an answer.
#include <reseal/error.hpp>

#include <string>

#include "bundle/code_resources.hpp"
#include "bundle/plist.hpp"
#include "bundle/requirement_check.hpp"
#include "fuzz/feed.hpp"

namespace {

using namespace reseal;

void check_seal(const bundle::Seal& seal) {
    fuzz::require(!seal.fault.empty() || !seal.hashes.empty() || seal.link || seal.nested(), "an entry that says nothing");
    for (const auto& [type, hash] : seal.hashes)
        fuzz::require(hash.size() == digest_size(type), "a hash of another length than its type's");
    if (!seal.requirement) return;
    bundle::CodeFacts code;
    for (const bool certified : {false, true}) {
        code.certified = certified;
        const bundle::RequirementResult result = bundle::check_requirement(*seal.requirement, code);
        const bool decided = result.answer == bundle::RequirementResult::Answer::met ||
                             result.answer == bundle::RequirementResult::Answer::unmet;
        fuzz::require(decided == result.asked.empty(), "an answer that depends on nothing, or a decided one on something");
    }
}

void check_rules(const bundle::ResourceRules& rules, std::string_view path) {
    bundle::PatternScratch shared;
    const bundle::ResourceRule* best = nullptr;
    for (const bundle::ResourceRule& rule : rules.all()) {
        bundle::PatternScratch fresh;
        const bool found = rule.pattern.found_in(path, fresh);
        fuzz::require(found == rule.pattern.found_in(path, shared), "what was matched before counts");
        fuzz::require(fresh.steps <= 2 * (path.size() + 1) * (3 * rule.text.size() + 1), "a rule that takes too long");
        if (found && (!best || rule.weight > best->weight)) best = &rule;
    }
    fuzz::require(rules.find(path, shared) == best, "another rule than that of the greatest weight");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (!bundle::plists_available()) return 0;
    fuzz::Feed feed(data, size);
    const std::size_t length = feed.below(64);
    const std::string_view path = feed.rest().substr(0, length);
    const std::string_view list = feed.rest().substr(path.size());
    try {
        const bundle::CodeResources resources = bundle::parse_code_resources(list, "fuzzed");
        for (const auto& [name, seal] : resources.files) check_seal(seal);
        check_rules(resources.rules, path);
        for (const auto& [name, seal] : resources.files) check_rules(resources.rules, name.substr(0, 256));
    } catch (const Error& error) {
        fuzz::require(error.error() == ErrorCode::malformed, "an error that is not about the list");
        fuzz::require(error.entry() == "fuzzed", "an error about something else");
    }
    return 0;
}
