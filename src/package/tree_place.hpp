// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which of the prefixes of a memory are the tree's own and go along with it; what it was told of other trees stays.
#include <string>
#include <vector>

#include "package/memory.hpp"

namespace reseal::package {

/// Where a tree may be, when what is pending is done: where its memory says; of one written before memories said so, wherever
/// its prefixes are. Empty: none of them is in the tree.
std::vector<std::string> possible_places(const Memory& memory);

/// Of each prefix: where it is to be once the tree is at `place`. Throws Error (ErrorCode::malformed) naming `file` where the
/// memory leaves open which of them are the tree's own.
std::vector<std::string> targets_at(const Memory& memory, const std::string& place, const std::string& file);

}  // namespace reseal::package
