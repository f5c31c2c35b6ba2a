// SPDX-License-Identifier: BSL-1.0
#pragma once
// What has to be looked at in a tree whose files are remembered from an earlier move, named by metadata, or neither.
#include <map>
#include <optional>
#include <reseal/finding.hpp>
#include <string>
#include <vector>

#include "cli/relocate_options.hpp"
#include "package/next_move.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::cli {

/// A file that metadata names.
struct NamedFile {
    Prefixes prefixes;
    FileMode mode = FileMode::unknown;
    bool digested = true;  ///< metadata may tell the file's digest as it was installed
};

struct PrefixSearch {
    std::string folder;                       ///< the tree, or a file
    package::NextMove* remembered = nullptr;  ///< goes before all else
    std::map<std::string, NamedFile> named;   ///< by name below the folder
    std::optional<Prefixes> rest;             ///< in all other files; none: nothing in them
    Prefixes links;                           ///< in links
    std::vector<std::string> left;            ///< names, and folders with a slash behind, that are never looked at
};

struct PrefixItems {
    std::vector<relocate::TreeItem> items;
    std::vector<Finding> findings;  ///< of what metadata names and is not there
};

/// `platform`: whose the files are, as metadata says; none: the first program says it.
/// What lies behind a link in the tree is not looked at. Removes what a run that was killed has left, unless nothing is to be
/// written. Throws Error.
PrefixItems prefix_items(const std::vector<std::string>& paths, PrefixSearch search, const RelocateOptions& options,
                         std::optional<Platform> platform);

}  // namespace reseal::cli
