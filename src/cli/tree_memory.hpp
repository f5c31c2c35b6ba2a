// SPDX-License-Identifier: BSL-1.0
#pragma once
// What was written down when a tree was moved (package::Memory), for the next time it is.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/relocate_options.hpp"
#include "cli/tree_run.hpp"
#include "package/installed_digests.hpp"
#include "package/memory.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::cli {

/// None when there is no such file. Throws Error.
std::optional<package::Memory> load_memory(const std::string& file);
/// As a whole, on the disk when it returns; makes its folder where it is missing. Throws Error.
void save_memory(const package::Memory& memory, const std::string& file);

/// Where the prefixes of a memory are to be next.
class NextMove {
public:
    /// `targets`: of each prefix of the memory. `options` must outlive it.
    NextMove(const package::Memory& memory, std::vector<std::string> targets, const RelocateOptions& options);

    /// What is remembered of the file or link of that name below the prefix, as an item to be planned; none: nothing is.
    std::optional<relocate::TreeItem> item(const fs::DiskEntry& entry, const FileOptions& options);
    /// The names that item() was not asked for: what is remembered and no longer there.
    std::vector<std::string> missing() const;
    const std::vector<std::string>& targets() const { return targets_; }

private:
    /// What two files may share.
    struct Kind {
        std::optional<Padding> padding;  ///< of a binary file
        bool wide = false;               ///< whether one was found in UTF-16 or UTF-32
        std::vector<bool> used;          ///< which of the prefixes were found in it: no other is replaced in it
        auto operator<=>(const Kind&) const = default;
    };
    struct Compiled;

    Kind kind_of(const package::RememberedFile& file) const;
    PrefixOptions options_for(const Kind& kind) const;
    Prefixes prefixes(const std::vector<std::string>& to, const Kind& kind) const;
    Prefixes search(const Kind& kind) const;
    const Compiled& compiled(const Kind& kind);

    const package::Memory& memory_;
    std::vector<std::string> targets_;
    const RelocateOptions& options_;
    std::map<std::string, const package::RememberedFile*> files_;
    std::map<std::string, const package::RememberedLink*> links_;
    std::map<Kind, std::shared_ptr<const Compiled>> compiled_;
};

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
