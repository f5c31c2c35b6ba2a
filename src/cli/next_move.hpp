// SPDX-License-Identifier: BSL-1.0
#pragma once
// What was written down when a tree was moved (package::Memory), for the next time it is.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/relocate_options.hpp"
#include "package/memory.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::cli {

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

}  // namespace reseal::cli
