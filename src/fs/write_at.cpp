// SPDX-License-Identifier: BSL-1.0
#include "fs/write_at.hpp"

#include <unistd.h>

#include <cerrno>

#include "fs/io_error.hpp"

namespace reseal::fs {

void write_at(int fd, std::string_view bytes, std::uint64_t at, const std::string& name) {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw io_error(name, "write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
        at += static_cast<std::uint64_t>(count);
    }
}

}  // namespace reseal::fs
