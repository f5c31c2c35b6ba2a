// SPDX-License-Identifier: BSL-1.0
#pragma once
// Names of a tree that come to lead elsewhere, each in one step: there is no moment without the name.
#include <string>

namespace reseal::fs {

/// Where the symbolic link at `path` points. Throws Error (ErrorCode::io), also when it is none.
std::string read_link(const std::string& path);
/// Puts a symbolic link to `target`, of the owner and the time of modification that the one there has, in its place.
void replace_symlink(const std::string& path, const std::string& target);
/// Makes `path`, which is a regular file, another name of the file at `original`.
void replace_by_hard_link(const std::string& path, const std::string& original);

}  // namespace reseal::fs
