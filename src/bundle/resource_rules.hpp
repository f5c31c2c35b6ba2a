// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which files of a bundle have to be sealed: the rules that its CodeResources brings along.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/path_pattern.hpp"
#include "bytes/plist_value.hpp"

namespace reseal::bundle {

constexpr std::size_t max_resource_rules = 256;

struct ResourceRule {
    std::string text;
    PathPattern pattern;
    double weight = 1;
    bool omit = false;    ///< need not be sealed
    bool nested = false;  ///< a folder with a dot in its name is code of its own
};

class ResourceRules {
public:
    /// A rule that we cannot follow is left out and becomes a fault.
    static ResourceRules parse(const plist::Dict& rules);

    /// This name, and what is below it, is no resource at all.
    void exclude(std::string name) { excluded_.insert(std::move(name)); }
    bool excludes(const std::string& name) const { return excluded_.contains(name); }

    /// The one of the greatest weight that matches; null: none does, and the file is nobody's.
    const ResourceRule* find(std::string_view name, PatternScratch& scratch) const;

    const std::vector<ResourceRule>& all() const { return rules_; }
    /// Each names a rule. With any there, what is not sealed says nothing.
    const std::vector<std::string>& faults() const { return faults_; }

private:
    std::vector<ResourceRule> rules_;
    std::set<std::string> excluded_;
    std::vector<std::string> faults_;
};

}  // namespace reseal::bundle
