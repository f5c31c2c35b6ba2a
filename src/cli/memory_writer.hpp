// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a move of a tree leaves for the next one, while it goes on and when it is done.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/relocate_options.hpp"
#include "package/installed_digests.hpp"
#include "package/memory.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::cli {

/// The memory to be written before and after a plan is carried out. `root`: what lies before the names in it.
class MemoryWriter {
public:
    /// `before`: the memory there was, none: an empty one; `targets`: of its prefixes; `place`: where the tree will be.
    /// `platform` is kept where there was none.
    MemoryWriter(std::string root, std::optional<package::Memory> before, const std::vector<std::string>& targets,
                 std::optional<std::string> place, const RelocateOptions& options, std::optional<Platform> platform);

    /// With `pending`, and files as they are.
    package::Memory before(const relocate::TreePlan& plan);
    /// What becomes of all that is remembered, between before(), if anything is to change, and after(). Of links also what a
    /// run that was killed has done, which looks no different.
    package::MovedPaths moved(const relocate::TreePlan& plan) const;
    /// With files as they came to be.
    package::Memory after(const relocate::TreePlan& plan);

private:
    std::size_t prefix(const PrefixPair& pair);
    package::RememberedFile remembered(const relocate::PlannedFile& file);
    std::string name_of(const std::string& path) const;
    /// `what.before`: of the file as it was built.
    void add_moved(package::MovedPaths& out, const std::vector<std::string>& paths, const package::MovedContents& what) const;
    void add_moved(package::MovedPaths& out, const package::RememberedLink& link, bool planned) const;
    package::Memory whole() const;

    std::string root_;
    package::Memory memory_;
    std::map<std::string, package::RememberedFile> files_;
    std::map<std::string, package::RememberedLink> links_;
};

}  // namespace reseal::cli
