// SPDX-License-Identifier: BSL-1.0
#pragma once
// write(2) until every byte is taken: pipes and full disks take less than they are given.
#include <string>
#include <string_view>

namespace reseal::fs {

/// `first`, then `second`, in as few calls as the system allows. Throws Error (ErrorCode::io) naming `name`.
void write_all(int fd, std::string_view first, std::string_view second, const std::string& name);
inline void write_all(int fd, std::string_view bytes, const std::string& name) { write_all(fd, bytes, {}, name); }

}  // namespace reseal::fs
