// SPDX-License-Identifier: BSL-1.0
#include "fs/names_in.hpp"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"

namespace reseal::fs {

std::vector<std::string> names_in(const std::string& folder) {
    // Behind the slash a link to a folder is that folder.
    OpenFolder open(AT_FDCWD, std::string(folder).append("/.").c_str());
    if (!open) throw io_error(folder, "list");
    std::vector<std::string> names;
    for (OpenFolder::Entry& each : open.entries(folder)) names.push_back(std::move(each.name));
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace reseal::fs
