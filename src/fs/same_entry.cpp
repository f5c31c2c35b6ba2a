// SPDX-License-Identifier: BSL-1.0
#include "fs/same_entry.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "fs/descriptor.hpp"

namespace reseal::fs {
namespace {

constexpr std::size_t compared_at_once = std::size_t{64} * 1024;

/// As much of it as fits, from where it stands; -1 when that cannot be read.
ssize_t read_piece(int file, std::vector<char>& to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t got = ::read(file, to.data() + done, to.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(done);
}

bool same_target(int one, int other, const char* name) {
    std::vector<char> a(PATH_MAX), b(PATH_MAX);
    const ssize_t length = ::readlinkat(one, name, a.data(), a.size());
    return length >= 0 && ::readlinkat(other, name, b.data(), b.size()) == length &&
           std::memcmp(a.data(), b.data(), static_cast<std::size_t>(length)) == 0;
}

bool same_bytes(int one, int other, const char* name) {
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;  // it may have become anything meanwhile
    const Descriptor first(::openat(one, name, flags)), second(::openat(other, name, flags));
    if (!first || !second) return false;
    std::vector<char> a(compared_at_once), b(compared_at_once);
    for (;;) {
        const ssize_t got = read_piece(first.get(), a);
        if (got < 0 || read_piece(second.get(), b) != got) return false;
        if (std::memcmp(a.data(), b.data(), static_cast<std::size_t>(got)) != 0) return false;
        if (got == 0) return true;
    }
}

}  // namespace

bool same_entry(int one, int other, const std::string& name) {
    struct stat a{}, b{};
    if (::fstatat(one, name.c_str(), &a, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (::fstatat(other, name.c_str(), &b, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (S_ISLNK(a.st_mode) && S_ISLNK(b.st_mode)) return same_target(one, other, name.c_str());
    return S_ISREG(a.st_mode) && a.st_mode == b.st_mode && a.st_size == b.st_size && same_bytes(one, other, name.c_str());
}

}  // namespace reseal::fs
