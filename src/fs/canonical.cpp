// SPDX-License-Identifier: BSL-1.0
#include "fs/canonical.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string_view>
#include <utility>
#include <vector>

#include "fs/attribute_names.hpp"
#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "fs/open_folder.hpp"
#include "fs/rename.hpp"

namespace reseal::fs {
namespace {

constexpr mode_t file_mode = S_IRUSR | S_IRGRP | S_IROTH, executable_mode = file_mode | S_IXUSR | S_IXGRP | S_IXOTH;

#if defined(__linux__)
/// What Nix ignores too (its setting `ignored-acls`): systems put them there, and put them there again.
bool stays(std::string_view name) { return name == "security.csm" || name == "security.selinux" || name == "system.nfs4_acl"; }
#endif

void remove_attributes(int fd, const std::string& path) {
#if defined(__linux__)
    for (const std::string& name : attribute_names(fd)) {
        if (stays(name)) continue;
        if (::fremovexattr(fd, name.c_str()) != 0) throw io_error(path, "remove the attribute " + name + " of");
    }
#else
    static_cast<void>(fd), static_cast<void>(path);
#endif
}

bool modified_in_second_1(const struct stat& status) { return modified(status).tv_sec == 1 && modified(status).tv_nsec == 0; }

/// What is right already is left alone: it may be another user's.
void set_mode(int fd, mode_t now, mode_t mode, const std::string& path) {
    if ((now & 07777) != mode && ::fchmod(fd, mode) != 0) throw io_error(path, "change the mode of");
}

void set_times(int at, const char* name, const std::string& path) {
    struct stat status{};
    if (::fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && modified_in_second_1(status)) return;
    const timespec times[2] = {{0, UTIME_OMIT}, {1, 0}};
    if (::utimensat(at, name, times, AT_SYMLINK_NOFOLLOW) != 0) throw io_error(path, "set the times of");
}

void visit(int at, const char* name, std::string& path) {
    struct stat status{};
    if (::fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) != 0) throw io_error(path, "open");
    if (S_ISDIR(status.st_mode)) {
        OpenFolder folder(at, name);
        if (!folder) throw io_error(path, "open");
        const std::size_t size = path.size();
        for (const OpenFolder::Entry& entry : folder.entries(path)) {
            path.append("/").append(entry.name);
            visit(folder.descriptor(), entry.name.c_str(), path);
            path.resize(size);
        }
        remove_attributes(folder.descriptor(), path);
        set_mode(folder.descriptor(), status.st_mode, executable_mode, path);
    } else if (S_ISREG(status.st_mode)) {
        const Descriptor fd(::openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!fd) throw io_error(path, "open");
        remove_attributes(fd.get(), path);
        set_mode(fd.get(), status.st_mode, status.st_mode & S_IXUSR ? executable_mode : file_mode, path);
    }
    set_times(at, name, path);
}

/// A folder may be moved to another one only by who may write it: a name in it, "..", changes. One that was not moved is closed
/// again.
class Movable {
public:
    explicit Movable(const std::string& path) : path_(path) {
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || ::geteuid() == 0) return;
        mode_ = status.st_mode & 07777;
        opened_ = ::chmod(path.c_str(), mode_ | S_IWUSR) == 0;
    }
    Movable(const Movable&) = delete;
    Movable& operator=(const Movable&) = delete;
    ~Movable() {
        if (opened_) ::chmod(path_.c_str(), mode_);
    }

    /// It has been moved to `now`.
    void close(const std::string& now) {
        if (std::exchange(opened_, false) && ::chmod(now.c_str(), executable_mode) != 0)
            throw io_error(now, "change the mode of");
        set_times(AT_FDCWD, now.c_str(), now);
    }
    /// It has been moved to where it may stay open.
    void leave_open() { opened_ = false; }

private:
    std::string path_;
    mode_t mode_ = 0;
    bool opened_ = false;
};

}  // namespace

void canonicalise(const std::string& tree) {
    std::string path = tree;
    visit(AT_FDCWD, tree.c_str(), path);
}

bool move_canonical(const std::string& from, const std::string& to) {
    Movable folder(from);
    if (rename_exclusive(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str()) != 0) {
        if (errno == EEXIST || errno == ENOTEMPTY) return false;
        if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) throw io_error(to, "create");
        struct stat status{};
        if (::lstat(to.c_str(), &status) == 0) return false;
        if (::rename(from.c_str(), to.c_str()) != 0) throw io_error(to, "create");
    }
    folder.close(to);
    return true;
}

void exchange_canonical(const std::string& from, const std::string& to) {
    Movable one(from), other(to);
    if (rename_exchange(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str()) != 0) {
        if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) throw io_error(to, "replace");
        struct stat status{};
        if (::lstat(from.c_str(), &status) != 0) throw io_error(from, "open");
        if (S_ISDIR(status.st_mode))
            throw Error(ErrorCode::io,
                        "cannot replace: this file system cannot exchange two folders; give a tree that lies elsewhere", to);
        if (::rename(from.c_str(), to.c_str()) != 0) throw io_error(to, "replace");
    }
    other.leave_open();
    one.close(to);
}

}  // namespace reseal::fs
