// SPDX-License-Identifier: BSL-1.0
#pragma once
// A folder that only we may enter, for trees that are not yet what they will be; on the file system where they will stay, so
// that moving them costs nothing.
#include <string>

#include "fs/descriptor.hpp"

namespace reseal::fs {

/// Goes away with all that is in it. One that was left behind by a process that was killed goes too, when the next is made
/// beside it: a lock tells whether its owner lives.
class PrivateFolder {
public:
    /// In the folder `parent`. Throws Error (ErrorCode::io).
    explicit PrivateFolder(std::string parent);
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    ~PrivateFolder();

    const std::string& path() const { return path_; }

private:
    void sweep();
    bool lock();

    std::string parent_, path_;
    Descriptor lock_;
};

}  // namespace reseal::fs
