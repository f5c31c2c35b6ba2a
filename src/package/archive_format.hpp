// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an archive is by its first bytes and its name; what is none of ours is refused with what to do instead.
#include <string>
#include <string_view>

namespace reseal::package {

enum class ArchiveFormat { tar, zip };

/// tar: compressed or not. Throws Error (ErrorCode::malformed) for what is known to be something else.
ArchiveFormat detect_format(std::string_view head, const std::string& name);

/// Refuses an archive that would need another tool by what it holds: Error (ErrorCode::malformed) naming `archive`.
void check_entry(std::string_view path, const std::string& archive);

}  // namespace reseal::package
