// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where something that an archive holds lies in the tree that it was made of.
#include <string>

namespace reseal::fs {

/// `entry`: its path below the root, which is ".".
inline std::string entry_place(const std::string& tree, const std::string& entry) {
    return entry == "." ? tree : tree + "/" + entry;
}

}  // namespace reseal::fs
