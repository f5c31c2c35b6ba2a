// SPDX-License-Identifier: BSL-1.0
#include "fs/attribute_names.hpp"

#if defined(__linux__)
#include <sys/types.h>
#include <sys/xattr.h>

#include <cstddef>
#include <string_view>
#endif

namespace reseal::fs {

std::vector<std::string> attribute_names(int fd) {
    std::vector<std::string> names;
#if defined(__linux__)
    const ssize_t size = ::flistxattr(fd, nullptr, 0);
    if (size <= 0) return names;
    std::vector<char> list(static_cast<std::size_t>(size));
    const ssize_t got = ::flistxattr(fd, list.data(), list.size());
    for (std::string_view rest(list.data(), got < 0 ? 0 : static_cast<std::size_t>(got)); !rest.empty();) {
        names.emplace_back(rest.substr(0, rest.find('\0')));
        rest.remove_prefix(names.back().size() + 1);
    }
#else
    static_cast<void>(fd);
#endif
    return names;
}

}  // namespace reseal::fs
