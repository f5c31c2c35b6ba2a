// SPDX-License-Identifier: BSL-1.0
#pragma once
// A path, cut in two at its last slash.
#include <string>

namespace reseal::fs {

/// The folder in which the last name of `path` stands. `path` does not end with a slash.
inline std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// `path` without slashes behind it, but for the root's own.
inline std::string without_slashes(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

inline std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace reseal::fs
