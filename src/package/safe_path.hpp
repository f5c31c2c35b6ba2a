// SPDX-License-Identifier: BSL-1.0
#pragma once
// Names in an archive are whatever its writer put there. What is laid down goes by this form of them only.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reseal::package {

constexpr std::size_t max_path_bytes = 4096;  ///< also where metadata names it
constexpr std::size_t max_path_depth = 256;   ///< names in a path; whoever walks a tree holds a folder open for each

/// `name` as a path below the folder that is unpacked to: names with one slash between them, without `.`; empty for that
/// folder itself. Throws Error (ErrorCode::malformed) naming `where`: absolute, with a drive, with `..`, empty, with a NUL, too
/// long, too deep. `of`: whose name it is, in front of what is said of it.
std::string safe_path(std::string_view name, const std::string& where, const char* of = "");

/// The names in a path with one slash between them, without `.`; none: one of them is `..`.
std::optional<std::string> plain_path(std::string_view path);

/// How an entry is named in messages: `archive: path`.
std::string entry_name(const std::string& archive, std::string_view path);

}  // namespace reseal::package
