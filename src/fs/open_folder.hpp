// SPDX-License-Identifier: BSL-1.0
#pragma once
// A folder held by its descriptor, so that renaming what is above it, or putting a link in its place, leads nowhere else.
#include <dirent.h>
#include <fcntl.h>

#include <memory>
#include <string>
#include <vector>

namespace reseal::fs {

/// How a folder is opened that a link must not stand for.
inline constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

class OpenFolder {
public:
    struct Entry {
        std::string name;
        unsigned char type;  ///< DT_REG, …; DT_UNKNOWN where the file system does not say
    };

    /// Opens `name` in the folder `at` (or AT_FDCWD); no folder, a link to one included: false afterwards, and errno.
    OpenFolder(int at, const char* name);

    explicit operator bool() const { return open_ != nullptr; }
    int descriptor() const { return ::dirfd(open_.get()); }
    /// All but `.` and `..`, in no order. Throws Error (ErrorCode::io) naming `path`.
    std::vector<Entry> entries(const std::string& path);

private:
    struct Close {
        void operator()(DIR* open) const { ::closedir(open); }
    };
    std::unique_ptr<DIR, Close> open_;
};

/// Removes `name` in the folder `at` and all that is below it, folders that may not be written included. What cannot be removed
/// stays.
void remove_tree(int at, const std::string& name);

}  // namespace reseal::fs
