// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file that lies in the staging folder already and is opened to be read once more.
#include <sys/stat.h>

#include <optional>
#include <string>

#include "fs/descriptor.hpp"
#include "fs/file_source.hpp"
#include "package/entry.hpp"
#include "package/staging.hpp"

namespace reseal::package {

struct LaidFile {
    std::string path;
    Staging::Folder folder;
    std::string name;     ///< in it
    fs::Descriptor file;  ///< open for reading
    struct stat status;

    /// Throws Error (ErrorCode::io).
    static LaidFile open(const Staging& staging, const std::string& path, Staging::Folder folder, std::string name);
    /// Open for writing too; none where its permissions forbid that.
    static std::optional<LaidFile> open_to_change(const Staging& staging, const std::string& path,
                                                  const Staging::Folder& folder, const std::string& name);

    /// Of what is open, which must outlive it.
    fs::FileSource source(const Staging& staging) const;
    /// What an archive would say of it.
    Entry entry() const;
};

}  // namespace reseal::package
