// SPDX-License-Identifier: BSL-1.0
#include "fs/file_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "fs/io_error.hpp"

namespace reseal::fs {
namespace {

Descriptor duplicate(int fd, const std::string& name) {
    Descriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
    if (!copy) throw io_error(name, "open");
    return copy;
}

}  // namespace

FileSource::FileSource(Descriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {
    struct stat status{};
    if (::fstat(fd_.get(), &status) != 0) throw io_error(name_, "open");
    if (S_ISDIR(status.st_mode)) throw io_error(name_, "read", EISDIR);
    if (!S_ISREG(status.st_mode)) throw io_error(name_, "read at an offset", ESPIPE);
    size_ = static_cast<std::uint64_t>(status.st_size);
}

FileSource FileSource::open(const std::string& path) {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) throw io_error(path, "open");
    return FileSource(std::move(fd), path);
}

FileSource FileSource::share(int fd, const std::string& name) { return FileSource(duplicate(fd, name), name); }

std::size_t FileSource::read_at(std::uint64_t offset, char* to, std::size_t count) const {
    if (offset >= size_) return 0;
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
    std::size_t done = 0;
    while (done < count) {
        ssize_t got = ::pread(fd_.get(), to + done, count - done, static_cast<off_t>(offset + done));
        if (got == 0) break;
        if (got > 0) done += static_cast<std::size_t>(got);
        else if (errno != EINTR) throw io_error(name_, "read");
    }
    return done;
}

}  // namespace reseal::fs
