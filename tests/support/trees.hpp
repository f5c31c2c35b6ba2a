// SPDX-License-Identifier: BSL-1.0
#pragma once
// Trees that are hard on whoever writes or unpacks them.
#include <cstdint>

#include "support/tree.hpp"

namespace support {

/// Every type of file an archive can hold, at every place it can stand, and names and targets of every kind.
Node odd_tree();
/// Folders in folders, some empty, with files and links in between; the same for the same seed.
Node random_tree(std::uint64_t seed);

}  // namespace support
