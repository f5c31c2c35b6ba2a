// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tree that is moved, with what is remembered of earlier moves and what is to be remembered of this one.
#include <optional>
#include <string>
#include <vector>

#include "cli/leftovers.hpp"
#include "cli/prefix_items.hpp"
#include "cli/relocate_options.hpp"
#include "cli/tree_run.hpp"
#include "package/memory.hpp"

namespace reseal::cli {

struct TreeMove {
    std::vector<std::string> paths;
    std::optional<std::string> memory_file;  ///< only where there is one path, a folder; none: nothing is remembered
    std::optional<package::Memory> memory;   ///< what it says
    std::optional<Platform> platform;        ///< what metadata says
    bool environment = false;                ///< whether the path is one of conda, whose metadata tells what its files are
    std::vector<std::string> targets;        ///< where each of its prefixes is to stand
    std::string place;                       ///< where the tree itself is to be
    PrefixSearch search;                     ///< what is sought besides; its folder and what it remembers are not set here
    std::string in_vain;                     ///< what to say when there was nothing to replace
};

/// An earlier move that was killed on the way to another place is carried out first: then everything is in one place. Throws
/// Error for what has nothing to do with single files.
TreeRun move_tree(const TreeMove& move, const RelocateOptions& options);

/// What --leftovers looks for behind it: what `pairs` and the memory replace.
LeftoverQuery leftover_query(const TreeMove& move, const std::vector<PrefixPair>& pairs);

/// move_tree(), with the report, the leftovers and the summary that were asked for.
ExitStatus move_and_tell(const TreeMove& move, const RelocateOptions& options, const std::string& command);

}  // namespace reseal::cli
