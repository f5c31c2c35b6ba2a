// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the bytes meant for a path have to go so that the path ends up holding them and nothing else is disturbed.
#include <string>

#include "fs/descriptor.hpp"

namespace reseal::fs {

/// Either a name in a folder, to be replaced or created as a whole, or an open descriptor to write straight to.
struct Target {
    std::string folder;
    std::string name;
    Descriptor straight;
};

/// A regular file, or nothing yet: replaced, symbolic links followed to their target first. "-", /dev/stdout, /dev/fd/N: that
/// descriptor. A FIFO, a device: opened. Throws Error (ErrorCode::io) for a directory and for what cannot be opened.
Target find_target(const std::string& path);

}  // namespace reseal::fs
