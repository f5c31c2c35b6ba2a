// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tree of tree.hpp on disk, made and read with nothing of ours.
#include <string>

#include "support/tree.hpp"

namespace support {

/// Creates `node`, whatever its name, at `path`. Throws std::runtime_error.
void put_on_disk(const std::string& path, const Node& node);

/// What is at `path`, children in the order of their bytes; executable is the owner's bit.
Node read_from_disk(const std::string& path);

}  // namespace support
