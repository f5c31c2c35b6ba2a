// SPDX-License-Identifier: BSL-1.0
#include "fs/open_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "fs/io_error.hpp"

namespace reseal::fs {

OpenFolder::OpenFolder(int at, const char* name) {
    int fd = ::openat(at, name, folder_flags);
    if (fd < 0) return;
    open_.reset(::fdopendir(fd));
    if (open_) return;
    int why = errno;
    ::close(fd);
    errno = why;
}

std::vector<OpenFolder::Entry> OpenFolder::entries(const std::string& path) {
    std::vector<Entry> out;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(open_.get());
        if (entry == nullptr) break;
        std::string_view name = entry->d_name;
        if (name != "." && name != "..") out.push_back({std::string(name), entry->d_type});
    }
    if (errno != 0) throw io_error(path, "list");
    return out;
}

void remove_tree(int at, const std::string& name) {
    if (::unlinkat(at, name.c_str(), 0) == 0 || errno == ENOENT) return;
    OpenFolder folder(at, name.c_str());
    if (!folder) {  // perhaps for want of permissions
        if (::fchmodat(at, name.c_str(), S_IRWXU, AT_SYMLINK_NOFOLLOW) != 0) return;
        folder = OpenFolder(at, name.c_str());
    }
    const int fd = folder ? folder.descriptor() : -1;
    if (fd < 0) return;
    ::fchmod(fd, S_IRWXU);
    for (const OpenFolder::Entry& entry : folder.entries(name)) remove_tree(fd, entry.name);
    ::unlinkat(at, name.c_str(), AT_REMOVEDIR);
}

}  // namespace reseal::fs
