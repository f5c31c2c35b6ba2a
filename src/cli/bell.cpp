// SPDX-License-Identifier: BSL-1.0
#include "cli/bell.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "fs/io_error.hpp"

namespace reseal::cli {

Bell::Bell() {
    int ends[2];
    if (::pipe(ends) != 0) throw fs::io_error("a pipe", "make");
    read_ = fs::Descriptor(ends[0]);
    write_ = fs::Descriptor(ends[1]);
    for (const int fd : ends) {
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
    }
}

// A pipe that is full rings.
void Bell::ring() { [[maybe_unused]] const ssize_t written = ::write(write_.get(), "", 1); }

void Bell::quiet() {
    char rings[512];
    while (::read(read_.get(), rings, sizeof rings) > 0) continue;
}

}  // namespace reseal::cli
