// SPDX-License-Identifier: BSL-1.0
#pragma once
// write(2) until every byte is taken: pipes and full disks take less than they are given.
#include <cstddef>
#include <string>
#include <string_view>

namespace reseal::fs {

/// Who is given bytes in small pieces gathers up to this many of them for a call; a larger piece goes out at once, together
/// with what was gathered before it, without being copied.
constexpr std::size_t gathered_bytes = std::size_t{64} * 1024;

/// `first`, then `second`, in as few calls as the system allows. Throws Error (ErrorCode::io) naming `name`.
void write_all(int fd, std::string_view first, std::string_view second, const std::string& name);
inline void write_all(int fd, std::string_view bytes, const std::string& name) { write_all(fd, bytes, {}, name); }

}  // namespace reseal::fs
