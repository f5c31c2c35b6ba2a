// SPDX-License-Identifier: BSL-1.0
#pragma once
// For what must never take the place of another file: keys.
#include <sys/types.h>

#include <string>
#include <string_view>

namespace reseal::fs {

/// A new file with these bytes and exactly these permissions, on the disk when this returns. Throws Error (ErrorCode::io), also
/// when something has the name; nothing new is left then.
void write_new_file(const std::string& path, std::string_view bytes, mode_t mode);

}  // namespace reseal::fs
