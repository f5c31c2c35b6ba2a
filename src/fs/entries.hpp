// SPDX-License-Identifier: BSL-1.0
#pragma once
// What lies below some paths, each thing once, for commands that change trees.
#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <reseal/error.hpp>
#include <string>
#include <vector>

namespace reseal::fs {

/// Which file it is, by whatever name.
struct FileId {
    dev_t device = 0;
    ino_t inode = 0;
    auto operator<=>(const FileId&) const = default;
};

struct DiskEntry {
    enum class Type { regular, symlink };
    std::string path;  ///< how it is reached: the path given, and the names below
    std::string name;  ///< below the path given; the last name where that is no folder
    Type type = Type::regular;
    FileId id;
    std::uint64_t size = 0;
    std::uint64_t links = 1;  ///< names the file has, wherever they are
    timespec modified{};
    timespec status_changed{};  ///< also when a name or an attribute of the file was
};

struct DiskFolder {
    std::string path, name;  ///< as DiskEntry's
};

struct DiskEntries {
    std::vector<DiskEntry> entries;      ///< in the order of the paths given, then of the bytes of their names
    std::vector<DiskFolder> folders;     ///< below the paths
    std::vector<std::string> abandoned;  ///< temporary files that a process which was killed has left (see remove_abandoned())
    std::vector<Error> unreadable;       ///< folders that could not be listed
};

/// Regular files and symbolic links at and below `paths`. A path that is a link itself leads to what is looked at, unless it
/// leads nowhere; links below are not followed. What is reached by two of the paths is there once. Throws Error (ErrorCode::io)
/// for a path with nothing at it, or with what is neither a file nor a folder.
DiskEntries list_entries(const std::vector<std::string>& paths);

/// The state of `path` now, links not followed; false when there is neither a regular file nor a link.
bool look_at(const std::string& path, DiskEntry& entry);

/// Removes a temporary file or link unless the process that made it still lives.
void remove_abandoned(const std::string& path);

}  // namespace reseal::fs
