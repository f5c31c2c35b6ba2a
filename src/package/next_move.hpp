// SPDX-License-Identifier: BSL-1.0
#pragma once
// What was written down when a tree was moved (Memory), for the next time it is.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "package/memory.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::package {

/// Where the prefixes of a memory are to be next.
class NextMove {
public:
    /// `targets`: of each prefix of the memory, which must outlive it. `options`: their padding counts if `pads`; else each
    /// file's room is filled as it was.
    NextMove(const Memory& memory, std::vector<std::string> targets, PrefixOptions options, bool pads);

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

    Kind kind_of(const RememberedFile& file) const;
    PrefixOptions options_for(const Kind& kind) const;
    Prefixes prefixes(const std::vector<std::string>& to, const Kind& kind) const;
    Prefixes search(const Kind& kind) const;
    const Compiled& compiled(const Kind& kind);

    const Memory& memory_;
    std::vector<std::string> targets_;
    PrefixOptions options_;
    bool pads_;
    std::map<std::string, const RememberedFile*> files_;
    std::map<std::string, const RememberedLink*> links_;
    std::map<Kind, std::shared_ptr<const Compiled>> compiled_;
};

}  // namespace reseal::package
