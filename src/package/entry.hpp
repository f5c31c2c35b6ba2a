// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an archive holds, one after the other.
#include <cstdint>
#include <optional>
#include <string>

namespace reseal::package {

enum class EntryType { file, folder, symlink, hardlink };

struct Time {
    std::int64_t seconds = 0;
    long nanoseconds = 0;
};

struct Entry {
    std::string path;  ///< as safe_path() has it; empty: the folder that is unpacked to
    EntryType type = EntryType::file;
    unsigned mode = 0;                  ///< permissions, without set-id bits and sticky
    std::optional<std::uint64_t> size;  ///< as announced
    std::string target;                 ///< symlink: as it stands; hardlink: a path as safe_path() has it
    std::optional<Time> modified;
};

}  // namespace reseal::package
