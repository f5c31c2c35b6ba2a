// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>

namespace reseal::fs {

/// Copies a file from its first byte to its last, without a way through our memory where the system can do that, and without
/// taking room where its disk can share or where it has holes. Returns how many bytes there were. Throws Error (ErrorCode::io)
/// naming `name`.
std::uint64_t copy_bytes(int from, int to, const std::string& name);

/// The same of up to `count` bytes at `offset`, to a file that is new: nothing is in it, and it stands at its first byte.
/// Throws naming `name`, the file that is written.
std::uint64_t copy_range(int from, std::uint64_t offset, std::uint64_t count, int to, const std::string& name);

}  // namespace reseal::fs
