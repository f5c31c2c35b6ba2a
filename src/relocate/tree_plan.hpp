// SPDX-License-Identifier: BSL-1.0
#pragma once
// What becomes of a tree on disk when prefixes move: every file is read before any is written, so that what cannot be done is
// known while everything is still as it was.
#include <cstdint>
#include <memory>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "fs/entries.hpp"
#include "relocate/former_file.hpp"
#include "relocate/tree_effort.hpp"

namespace reseal::relocate {

/// A file or link that was moved before, and what was written down then. Of a link nothing but the prefixes and `target`.
struct Remembered {
    FormerFile former;
    Prefixes placed;                  ///< from what stood there first to what stands there now
    std::optional<Prefixes> pending;  ///< to what was to stand there when a run was killed
    std::string sha256;               ///< of the file as it should be now, 32 bytes; empty: not known, but `pending_sha256`
    std::string pending_sha256;       ///< of the file as it was to be; empty: not known
    Prefixes search;                  ///< from what stands there now: for a file that is not the remembered one any more
    std::string target;               ///< of a link, as it was first
};

/// A file or link to be looked at, and how.
struct TreeItem {
    fs::DiskEntry entry;
    Prefixes prefixes;    ///< cheap to copy; of what is remembered, from what stood there first
    FileOptions options;  ///< `name` is the entry's path
    std::shared_ptr<const Remembered> remembered = {};
};

struct PlannedFile {
    fs::DiskEntry entry;
    std::vector<std::string> names;  ///< paths of the same file among the items (hard links), its own not among them
    FilePlan plan;
    FormerFile former;  ///< to be remembered
    /// Of a file that is moved again by what is remembered of it: what is taken back first. `former`, fields, size and digest
    /// before in the plan's result are those of the former file then.
    std::optional<Prefixes> back;
    FormerFile taken_back = {};  ///< and from where
};

struct PlannedLink {
    fs::DiskEntry entry;
    std::string before, after;  ///< where it points
    std::string first;          ///< where it pointed before it was ever moved
    PrefixPair pair;            ///< what stands in `first`, and what it becomes
};

/// One that is remembered and stands as it has to: nothing is to be written. A run that was killed may have done it.
struct StandingFile {
    std::vector<std::string> names;  ///< all its paths among the items
    std::uint64_t size = 0, size_before = 0;
    std::string sha256, sha256_before;  ///< 32 bytes; before: of the former file
};

/// What was found out. What is in `changed` and `links` is to be done, unless something is refused.
struct TreePlan {
    std::vector<PlannedFile> changed;  ///< in the order of the items, each file once
    std::vector<PlannedLink> links;
    std::vector<StandingFile> standing;
    std::vector<Finding> findings;     ///< of all files; errors are why one is refused
    std::vector<std::string> refused;  ///< paths of the files that are
    std::uint64_t files_read = 0, bytes_read = 0;
    std::uint64_t bytes_to_write = 0;
};

/// Reads all of them, `jobs` at once (0: one a processor). A file with several names among the items is planned once; an item
/// that is gone is none any more. Throws Error (ErrorCode::io) of the first item that cannot be read, or when effort.stop was
/// set.
TreePlan plan_tree(const std::vector<TreeItem>& items, unsigned jobs, TreeEffort& effort);

}  // namespace reseal::relocate
