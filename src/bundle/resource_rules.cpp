// SPDX-License-Identifier: BSL-1.0
#include "bundle/resource_rules.hpp"

#include <utility>

namespace reseal::bundle {
namespace {

bool flag(const plist::Dict& rule, std::string_view key) {
    const bool* value = plist::find<bool>(rule, key);
    return value && *value;
}

/// What stands at a pattern: true, false (to be left out), or a dictionary. False: something else.
bool read_rule(const plist::Value& value, ResourceRule& rule) {
    if (const bool* wanted = value.as<bool>()) {
        rule.omit = !*wanted;
        return true;
    }
    const auto* dict = value.as<plist::Dict>();
    if (!dict) return false;
    rule.omit = flag(*dict, "omit");
    rule.nested = flag(*dict, "nested");
    const plist::Value* weight = dict->find("weight");
    if (!weight) return true;
    if (const auto* number = weight->as<std::int64_t>()) rule.weight = static_cast<double>(*number);
    else if (const auto* real = weight->as<double>()) rule.weight = *real;
    else return false;
    return true;
}

}  // namespace

ResourceRules ResourceRules::parse(const plist::Dict& rules) {
    ResourceRules parsed;
    for (const plist::Entry& entry : rules.entries) {
        if (parsed.rules_.size() == max_resource_rules) {
            parsed.faults_.push_back("more than " + std::to_string(max_resource_rules) + " rules");
            break;
        }
        PathPattern::Compiled compiled = PathPattern::compile(entry.key);
        if (const auto* fault = std::get_if<std::string>(&compiled)) {
            parsed.faults_.push_back("the rule " + entry.key.substr(0, max_pattern_bytes) + ": " + *fault);
            continue;
        }
        ResourceRule rule{entry.key, std::get<PathPattern>(std::move(compiled))};
        if (read_rule(entry.value, rule)) parsed.rules_.push_back(std::move(rule));
        else parsed.faults_.push_back("the rule " + entry.key + ": neither yes nor no, nor a dictionary");
    }
    return parsed;
}

const ResourceRule* ResourceRules::find(std::string_view name, PatternScratch& scratch) const {
    const ResourceRule* best = nullptr;
    for (const ResourceRule& rule : rules_)
        if ((!best || rule.weight > best->weight) && rule.pattern.found_in(name, scratch)) best = &rule;
    return best;
}

}  // namespace reseal::bundle
