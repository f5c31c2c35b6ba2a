// SPDX-License-Identifier: BSL-1.0
#include "fs/write_all.hpp"

#include <poll.h>
#include <sys/uio.h>

#include <algorithm>

#include "fs/io_error.hpp"

namespace reseal::fs {
namespace {

iovec vector_of(std::string_view bytes) { return {const_cast<char*>(bytes.data()), bytes.size()}; }

}  // namespace

void write_all(int fd, std::string_view first, std::string_view second, const std::string& name) {
    while (!first.empty() || !second.empty()) {
        iovec parts[2] = {vector_of(first), vector_of(second)};
        ssize_t count = ::writev(fd, parts, 2);
        if (count >= 0) {
            auto taken = static_cast<std::size_t>(count);
            std::size_t of_first = std::min(taken, first.size());
            first.remove_prefix(of_first);
            second.remove_prefix(taken - of_first);
        } else if (errno == EAGAIN) {
            // A pipe that its other owner made non-blocking: wait for room instead of failing.
            pollfd ready = {fd, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            throw io_error(name, "write");
        }
    }
}

}  // namespace reseal::fs
