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

PrivateFolder::PrivateFolder(std::string parent)
    : parent_(std::move(parent)), name_(std::string(prefix) + temporary_name()), path_(parent_ + "/" + name_) {
    sweep();
    // Nobody may sweep it up before it is locked, so it gets its name afterwards.
    const std::string unlocked = parent_ + "/" + temporary_name();
    if (::mkdir(unlocked.c_str(), S_IRWXU) != 0) throw io_error(path_, "create");
    ::chmod(unlocked.c_str(), S_IRWXU);  // whatever the umask
    lock_ = Descriptor(::open(unlocked.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0 || ::rename(unlocked.c_str(), path_.c_str()) != 0) {
        const Error error = io_error(path_, "create");
        ::rmdir(unlocked.c_str());
        throw error;
    }
}

PrivateFolder::~PrivateFolder() { remove(AT_FDCWD, path_); }

void PrivateFolder::sweep() {
    OpenFolder folder(AT_FDCWD, parent_.c_str());
    if (!folder) throw io_error(parent_, "open");
    const int at = folder.descriptor();
    if (at < 0) throw io_error(parent_, "open");
    for (const OpenFolder::Entry& entry : folder.entries(parent_)) {
        if (!entry.name.starts_with(prefix)) continue;
        const Descriptor left(::openat(at, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (left && ::flock(left.get(), LOCK_EX | LOCK_NB) == 0) remove(at, entry.name);
    }
}

}  // namespace reseal::fs
