// SPDX-License-Identifier: BSL-1.0
#include "fs/input_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "fs/io_error.hpp"
#include "fs/pipe.hpp"

namespace reseal::fs {
namespace {

// A duplicate, so that closing our copy leaves the process its standard input.
Descriptor open_input(const std::string& path) {
    int fd = path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return Descriptor(fd);
}

mode_t permissions(const struct stat& status) {
    bool same_owner = status.st_uid == ::geteuid() && status.st_gid == ::getegid();
    return status.st_mode & (same_owner ? 07777 : 0777);
}

}  // namespace

InputFile::InputFile(const std::string& path)
    : name_(path == "-" ? "standard input" : path), fd_(open_input(path)), buffer_(new char[piece]) {
    if (!fd_) throw io_error(name_, "open");
    struct stat status{};
    if (::fstat(fd_.get(), &status) != 0) throw io_error(name_, "open");
    if (S_ISDIR(status.st_mode)) throw io_error(name_, "read", EISDIR);
    if (S_ISFIFO(status.st_mode)) widen_pipe(fd_.get());
    if (!S_ISREG(status.st_mode)) return;
    if (path != "-") mode_ = permissions(status);
    if (::lseek(fd_.get(), 0, SEEK_CUR) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
#ifdef POSIX_FADV_SEQUENTIAL
    ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
}

std::string_view InputFile::read() {
    for (;;) {
        ssize_t count = ::read(fd_.get(), buffer_.get(), piece);
        if (count >= 0) return {buffer_.get(), static_cast<std::size_t>(count)};
        if (errno == EAGAIN) {
            // A pipe or terminal that its other owner made non-blocking: wait for bytes instead of failing.
            pollfd ready = {fd_.get(), POLLIN, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            throw io_error(name_, "read");
        }
    }
}

std::string InputFile::read_at_least(std::size_t count) {
    std::string out;
    while (out.size() < count) {
        const std::string_view bytes = read();
        if (bytes.empty()) break;
        out += bytes;
    }
    return out;
}

}  // namespace reseal::fs
