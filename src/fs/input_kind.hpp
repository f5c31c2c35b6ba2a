// SPDX-License-Identifier: BSL-1.0
#pragma once
// How an operand that is only read is to be read, found out without opening it: a pipe that somebody has left in a folder
// would be waited for without end, and a device may never end.
#include <string>

#include "fs/tree.hpp"

namespace reseal::fs {

/// Kind::other: a stream, namely standard input (`-` too), or a pipe under its number as a shell's <(…) gives it. Every other
/// pipe or device is an Error (ErrorCode::io) that says what to do.
Kind kind_of_input(const std::string& path);

}  // namespace reseal::fs
