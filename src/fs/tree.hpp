// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a folder holds, for commands that look at every file below one.
#include <reseal/error.hpp>
#include <string>
#include <vector>

namespace reseal::fs {

enum class Kind { regular, folder, other };

/// Of what `path` leads to, links followed. Throws Error (ErrorCode::io).
Kind kind_of(const std::string& path);

struct Tree {
    std::vector<std::string> files;  // regular ones, with the folder's path before them, in the order of their bytes
    std::vector<Error> unreadable;   // folders that could not be listed
};

/// The regular files below `folder`, at any depth. Links below it are not followed.
Tree list_tree(const std::string& folder);

}  // namespace reseal::fs
