// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a move of a tree leaves for the next one, while it goes on and when it is done.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/relocate_options.hpp"
#include "cli/tree_run.hpp"
#include "package/installed_digests.hpp"
#include "package/memory.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::cli {

/// The memory to write before and after a plan is carried out. `root`: what lies before the names in it.
class MemoryWriter {
public:
    /// `before`: the memory there was, none: an empty one; `targets`: of its prefixes. `platform` is kept where there was none.
    MemoryWriter(std::string file, std::string root, std::optional<package::Memory> before,
                 const std::vector<std::string>& targets, const RelocateOptions& options, std::optional<Platform> platform);

    /// With `pending`, and files as they are.
    void before(const relocate::TreePlan& plan);
    /// What became of all that is remembered, between before(), if anything is to change, and after().
    package::MovedPaths moved(const TreeRun& run) const;
    /// With files as they came to be.
    void after(const TreeRun& run);

private:
    std::size_t prefix(const PrefixPair& pair);
    package::RememberedFile remembered(const relocate::PlannedFile& file);
    std::string name_of(const std::string& path) const;
    /// `what.before`: of the file as it was built.
    void add_moved(package::MovedPaths& out, const std::vector<std::string>& paths, const package::MovedContents& what) const;
    void add_moved(package::MovedPaths& out, const package::RememberedLink& link) const;
    void write() const;

    std::string file_, root_;
    package::Memory memory_;
    std::map<std::string, package::RememberedFile> files_;
    std::map<std::string, package::RememberedLink> links_;
};

}  // namespace reseal::cli
