// SPDX-License-Identifier: BSL-1.0
#pragma once
// Folders of a tree that their owner has made read-only, and in which files are to be replaced all the same.
#include <sys/types.h>

#include <string>
#include <vector>

namespace reseal::fs {

/// While it lives our own folders can be written; then they have their permissions back.
class WritableFolders {
public:
    /// Those that are not ours stay as they are: what is tried in there says why it fails.
    explicit WritableFolders(const std::vector<std::string>& folders);
    WritableFolders(const WritableFolders&) = delete;
    WritableFolders& operator=(const WritableFolders&) = delete;
    ~WritableFolders();

private:
    struct Changed {
        std::string path;
        mode_t mode;
    };
    std::vector<Changed> changed_;
};

}  // namespace reseal::fs
