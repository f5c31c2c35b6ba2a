// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which extended attributes a file has, for who keeps them and for who takes them away.
#include <string>
#include <vector>

namespace reseal::fs {

/// None too where the file system has none, and on systems other than Linux.
std::vector<std::string> attribute_names(int fd);

}  // namespace reseal::fs
