// SPDX-License-Identifier: BSL-1.0
#pragma once
// What lies below one folder, reached through no symbolic link, wherever it leads and whoever puts it there meanwhile.
#include <cstddef>
#include <string>

#include "fs/descriptor.hpp"
#include "fs/open_folder.hpp"

namespace reseal::bundle {

class Inside {
public:
    /// `folder` itself may be reached through links. Throws Error (ErrorCode::io).
    explicit Inside(const std::string& folder);

    const std::string& folder() const { return folder_; }
    /// The path of `name` for messages.
    std::string path(const std::string& name) const;

    /// A regular file; `name` is its path below the folder. Throws Error (ErrorCode::io), for anything else too.
    fs::Descriptor open(const std::string& name) const;
    /// All of it; throws Error (ErrorCode::io), also for more than `most` bytes.
    std::string read(const std::string& name, std::size_t most) const;
    /// False where it cannot be opened, and errno. "" is the folder itself.
    fs::OpenFolder open_folder(const std::string& name) const;
    /// Where a symbolic link points. Throws Error (ErrorCode::io).
    std::string link_target(const std::string& name) const;

private:
    /// The folder that holds the last part of `name`, which becomes `last`.
    fs::Descriptor folder_of(const std::string& name, std::string& last) const;

    std::string folder_;
    fs::Descriptor fd_;
};

}  // namespace reseal::bundle
