// SPDX-License-Identifier: BSL-1.0
#pragma once
// Small files that are wanted as one string: rules, specifications, metadata.
#include <cstddef>
#include <string>

namespace reseal::fs {

/// All of the file at `path` ("-": standard input). Throws Error (ErrorCode::io), also when it has more than `most` bytes.
std::string read_whole(const std::string& path, std::size_t most = std::size_t{64} << 20);

/// Likewise of a regular file, which is no argument of the user's: it never waits for what a pipe in its place might bring.
/// Throws Error (ErrorCode::io) for anything else.
std::string read_regular(const std::string& path, std::size_t most = std::size_t{64} << 20);

}  // namespace reseal::fs
