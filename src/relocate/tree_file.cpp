// SPDX-License-Identifier: BSL-1.0
#include "relocate/tree_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "fs/io_error.hpp"
#include "fs/modified.hpp"

namespace reseal::relocate {

std::optional<TreeFile> TreeFile::open(const fs::DiskEntry& entry) {
    fs::Descriptor fd(::open(entry.path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!fd && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) return {};
    if (!fd) throw fs::io_error(entry.path, "open");
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) throw fs::io_error(entry.path, "open");
    if (!S_ISREG(status.st_mode)) return {};
    fs::FileSource source = fs::FileSource::share(fd.get(), entry.path);
    return TreeFile(std::move(fd), std::move(source));
}

bool TreeFile::is(const fs::DiskEntry& entry) const {
    struct stat status{};
    if (::fstat(fd_.get(), &status) != 0) return false;
    // A name that comes or goes changes the status too, and that of a file with several is often somebody else's.
    const bool one_name = status.st_nlink == 1 && entry.links == 1;
    return fs::FileId{status.st_dev, status.st_ino} == entry.id && static_cast<std::uint64_t>(status.st_size) == entry.size &&
           fs::same_time(fs::modified(status), entry.modified) &&
           (!one_name || fs::same_time(fs::status_changed(status), entry.status_changed));
}

}  // namespace reseal::relocate
