// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file of a tree, open to be read: never what a link leads to, never anything that is no file any more.
#include <optional>

#include "fs/descriptor.hpp"
#include "fs/entries.hpp"
#include "fs/file_source.hpp"

namespace reseal::relocate {

class TreeFile {
public:
    /// None when there is no regular file any more. Throws Error (ErrorCode::io).
    static std::optional<TreeFile> open(const fs::DiskEntry& entry);

    const fs::FileSource& source() const { return source_; }
    int descriptor() const { return fd_.get(); }
    /// Whether it is the file that `entry` says, as it was then.
    bool is(const fs::DiskEntry& entry) const;

private:
    TreeFile(fs::Descriptor fd, fs::FileSource source) : fd_(std::move(fd)), source_(std::move(source)) {}

    fs::Descriptor fd_;
    fs::FileSource source_;
};

}  // namespace reseal::relocate
