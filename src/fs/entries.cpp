// SPDX-License-Identifier: BSL-1.0
#include "fs/entries.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "fs/names_in.hpp"
#include "fs/path_parts.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::fs {
namespace {

constexpr unsigned max_depth = 2048;  // PATH_MAX / 2: no path leads deeper

FileId id_of(const struct stat& status) { return {status.st_dev, status.st_ino}; }

void fill(const struct stat& status, DiskEntry& entry) {
    entry.type = S_ISLNK(status.st_mode) ? DiskEntry::Type::symlink : DiskEntry::Type::regular;
    entry.id = id_of(status);
    entry.size = static_cast<std::uint64_t>(status.st_size);
    entry.links = status.st_nlink;
    entry.modified = modified(status);
    entry.status_changed = status_changed(status);
}

class Lister {
public:
    explicit Lister(DiskEntries& out) : out_(out) {}

    void folder(const std::string& path, const std::string& name, FileId id, unsigned depth) {
        if (!folders_.insert(id).second) return;
        if (depth > 0) out_.folders.push_back({path, name});
        try {
            if (depth == max_depth) throw io_error(path, "list", ENAMETOOLONG);
            const std::string before = path.ends_with('/') ? path : path + "/";
            for (const std::string& each : names_in(path))
                entry(before + each, name.empty() ? each : std::string(name).append("/").append(each), depth);
        } catch (const Error& error) {
            out_.unreadable.push_back(error);
        }
    }

    /// `path`: a file, or a link that leads nowhere; all folders are done.
    void file(const std::string& path, const struct stat& status) {
        struct stat above{};
        // In a folder that was listed it is there already; under two paths given, too.
        if (::stat(folder_of(path).c_str(), &above) == 0 && folders_.contains(id_of(above))) return;
        if (!files_.insert({id_of(above), name_of(path)}).second) return;
        DiskEntry found{.path = path, .name = name_of(path)};
        fill(status, found);
        out_.entries.push_back(std::move(found));
    }

private:
    void entry(const std::string& path, const std::string& name, unsigned depth) {
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0) return;  // gone meanwhile
        if (S_ISDIR(status.st_mode)) {
            folder(path, name, id_of(status), depth + 1);
        } else if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) {
            return;
        } else if (is_temporary_name(name_of(path))) {
            out_.abandoned.push_back(path);
        } else {
            DiskEntry found{.path = path, .name = name};
            fill(status, found);
            out_.entries.push_back(std::move(found));
        }
    }

    DiskEntries& out_;
    std::set<FileId> folders_;
    std::set<std::pair<FileId, std::string>> files_;
};

/// Where a link leads to, if it leads anywhere.
std::string followed(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
    if (!real) throw io_error(path, "open");
    return real.get();
}

}  // namespace

DiskEntries list_entries(const std::vector<std::string>& paths) {
    DiskEntries out;
    Lister lister(out);
    std::vector<std::string> files, dangling;
    for (const std::string& path : paths) {
        struct stat status{};
        if (::stat(path.c_str(), &status) != 0) {
            // A link that leads nowhere may be what is to be changed.
            const int why = errno;
            if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) throw io_error(path, "open", why);
            dangling.push_back(path);
            continue;
        }
        if (S_ISDIR(status.st_mode)) lister.folder(path, "", id_of(status), 0);
        else if (S_ISREG(status.st_mode)) files.push_back(path);
        else throw Error(ErrorCode::io, "neither a file nor a folder", path);
    }
    for (const std::string& path : files) {
        const std::string real = followed(path);
        struct stat status{};
        if (::stat(real.c_str(), &status) != 0) throw io_error(path, "open");
        lister.file(real, status);
    }
    for (const std::string& path : dangling) {
        struct stat status{};
        if (::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) lister.file(path, status);
    }
    return out;
}

bool look_at(const std::string& path, DiskEntry& entry) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0 || (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))) return false;
    entry.path = path;
    fill(status, entry);
    return true;
}

void remove_abandoned(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    // A link has no owner that could say so; it lives for an instant only.
    if (file ? ::flock(file.get(), LOCK_EX | LOCK_NB) == 0 : errno == ELOOP) ::unlink(path.c_str());
}

}  // namespace reseal::fs
