// SPDX-License-Identifier: BSL-1.0
#include "fs/private_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <string_view>

#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::fs {
namespace {

constexpr std::string_view prefix = ".reseal-private";

/// As far as that is possible: what stays the next one sweeps up.
void remove(int at, const std::string& name) {
    try {
        remove_tree(at, name);
    } catch (const Error&) {
        return;
    }
}

}  // namespace

PrivateFolder::PrivateFolder(std::string parent) : parent_(std::move(parent)) {
    sweep();
    do {
        path_ = std::string(parent_).append("/").append(prefix).append(temporary_name());
        if (::mkdir(path_.c_str(), S_IRWXU) != 0) throw io_error(path_, "create");
        ::chmod(path_.c_str(), S_IRWXU);  // whatever the umask
    } while (!lock());
}

/// False: before it was locked another one swept it up, or is about to.
bool PrivateFolder::lock() {
    const int fd = ::open(path_.c_str(), folder_flags);
    int reason = errno;  // the next line may close the one before
    lock_ = Descriptor(fd);
    if (lock_ && ::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) {
        struct stat own{}, named{};
        return ::fstat(lock_.get(), &own) == 0 && ::lstat(path_.c_str(), &named) == 0 && own.st_dev == named.st_dev &&
               own.st_ino == named.st_ino;
    }
    if (lock_) reason = errno;
    if (reason == (lock_ ? EWOULDBLOCK : ENOENT)) return false;
    const Error error = io_error(path_, "create", reason);
    ::rmdir(path_.c_str());
    throw error;
}

PrivateFolder::~PrivateFolder() { remove(AT_FDCWD, path_); }

void PrivateFolder::sweep() {
    OpenFolder folder(AT_FDCWD, parent_.c_str());
    if (!folder) throw io_error(parent_, "open");
    const int at = folder.descriptor();
    if (at < 0) throw io_error(parent_, "open");
    for (const OpenFolder::Entry& entry : folder.entries(parent_)) {
        if (!entry.name.starts_with(prefix)) continue;
        const Descriptor left(::openat(at, entry.name.c_str(), folder_flags));
        if (left && ::flock(left.get(), LOCK_EX | LOCK_NB) == 0) remove(at, entry.name);
    }
}

}  // namespace reseal::fs
