// SPDX-License-Identifier: BSL-1.0
#include "fs/replaced_link.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "fs/path_parts.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::fs {
namespace {

constexpr std::size_t max_target = std::size_t{64} * 1024;  // no system has longer ones

/// A new name beside `path`; `make` is called until it takes one that was free.
template <class Make>
std::string beside(const std::string& path, const std::string& verb, Make&& make) {
    for (;;) {
        std::string name = folder_of(path) + "/" + temporary_name();
        if (make(name.c_str()) == 0) return name;
        if (errno != EEXIST && errno != EINTR) throw io_error(path, verb);
    }
}

void take_place(const std::string& temporary, const std::string& path) {
    if (::rename(temporary.c_str(), path.c_str()) == 0) return;
    const int why = errno;
    ::unlink(temporary.c_str());
    throw io_error(path, "rename", why);
}

}  // namespace

std::string read_link(const std::string& path) {
    for (std::string target(256, '\0');; target.resize(target.size() * 4)) {
        const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
        if (size < 0) throw io_error(path, "read the link");
        if (static_cast<std::size_t>(size) < target.size()) return target.substr(0, static_cast<std::size_t>(size));
        if (target.size() > max_target) throw io_error(path, "read the link", ENAMETOOLONG);
    }
}

void replace_symlink(const std::string& path, const std::string& target) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) throw io_error(path, "look at");
    if (!S_ISLNK(status.st_mode)) throw io_error(path, "replace the link", EEXIST);
    const std::string name = beside(path, "make a link", [&](const char* it) { return ::symlink(target.c_str(), it); });
    // What only the superuser may give away is left as it came.
    if (::lchown(name.c_str(), status.st_uid, status.st_gid) != 0) errno = 0;
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, modified(status)};
    if (::utimensat(AT_FDCWD, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) errno = 0;
    take_place(name, path);
}

void replace_by_hard_link(const std::string& path, const std::string& original) {
    struct stat one{}, other{};
    if (::lstat(path.c_str(), &one) == 0 && ::lstat(original.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
        one.st_ino == other.st_ino)
        return;  // rename(2) would leave both names
    take_place(beside(path, "link", [&](const char* it) { return ::link(original.c_str(), it); }), path);
}

}  // namespace reseal::fs
