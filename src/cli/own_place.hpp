// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which of the places that the command line names is that of the tree itself: it is written down for the next move.
#include <optional>
#include <reseal/prefixes.hpp>
#include <string>
#include <vector>

#include "package/memory.hpp"

namespace reseal::cli {

struct OwnPlace {
    std::string before, after;
};

/// Where a tree in `folder` was and will be: as its memory has it, whose prefixes go to `targets`; else as the pair has it, of
/// which there is one at least, that leads to the folder or away from it; else as the first has it.
OwnPlace own_place(const std::vector<PrefixPair>& pairs, const std::string& folder,
                   const std::optional<package::Memory>& memory, const std::vector<std::string>& targets);

/// The same moves, told apart: one more for a tree that lies below what a pair moves, for it may move alone next time.
std::vector<PrefixPair> with_own_place(std::vector<PrefixPair> pairs, const OwnPlace& own);

}  // namespace reseal::cli
