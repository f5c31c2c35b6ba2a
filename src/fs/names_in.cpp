// SPDX-License-Identifier: BSL-1.0
#include "fs/names_in.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "fs/io_error.hpp"

namespace reseal::fs {

std::vector<std::string> names_in(const std::string& folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), &::closedir);
    if (!open) throw io_error(folder, "list");
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(open.get());
        if (entry == nullptr) break;
        std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(std::move(name));
    }
    if (errno != 0) throw io_error(folder, "list");
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace reseal::fs
