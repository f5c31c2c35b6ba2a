// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace reseal::fs {

/// Writes all of `bytes` at that place of a file. Throws Error (ErrorCode::io) naming `name`.
void write_at(int fd, std::string_view bytes, std::uint64_t at, const std::string& name);

}  // namespace reseal::fs
