// SPDX-License-Identifier: BSL-1.0
#include "fs/temporary_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/path_parts.hpp"
#include "fs/rename.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::fs {

// `out/` is `out`, as mkdir(1) has it.
TemporaryTree::TemporaryTree(const std::string& path)
    : path_(path), final_(without_slashes(path)), folder_(), name_(temporary_name()) {
    std::string folder = folder_of(final_);
    final_ = name_of(final_);
    if (final_.empty() || final_ == "." || final_ == "..")
        throw Error(ErrorCode::io, "cannot create: no name for a new file", path_);
    folder_ = open_for_names(folder, path_);
    struct stat status{};
    if (::fstatat(folder_.get(), final_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) throw io_error(path_, "create", EEXIST);
    if (errno != ENOENT) throw io_error(path_, "create");
}

void TemporaryTree::remove() {
    if (!std::exchange(created_, false)) return;
    try {
        remove_tree(folder_.get(), name_);
    } catch (const std::exception&) {
        return;  // What cannot be listed stays. Why the tree is not wanted is the better message.
    }
}

void TemporaryTree::publish() {
    if (rename_exclusive(folder_.get(), name_.c_str(), folder_.get(), final_.c_str()) != 0) {
        if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) throw io_error(path_, "create");
        rename_to_nothing();
    }
    created_ = false;
}

// A folder can only take the place of an empty one: ours. Another file is linked to its name, which has to be free, too.
void TemporaryTree::rename_to_nothing() {
    struct stat status{};
    if (::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) throw io_error(path_, "create");
    if (S_ISDIR(status.st_mode)) {
        if (::mkdirat(folder_.get(), final_.c_str(), S_IRWXU) != 0) throw io_error(path_, "create");
        if (::renameat(folder_.get(), name_.c_str(), folder_.get(), final_.c_str()) == 0) return;
        int why = errno;
        ::unlinkat(folder_.get(), final_.c_str(), AT_REMOVEDIR);
        throw io_error(path_, "create", why);
    }
    if (::linkat(folder_.get(), name_.c_str(), folder_.get(), final_.c_str(), 0) != 0) throw io_error(path_, "create");
    ::unlinkat(folder_.get(), name_.c_str(), 0);
}

}  // namespace reseal::fs
