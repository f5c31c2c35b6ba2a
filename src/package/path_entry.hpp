// SPDX-License-Identifier: BSL-1.0
#pragma once
// One path of a conda package: what info/paths.json says of it before it is installed, and the paths_data of
// conda-meta/<name-version-build>.json afterwards.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "package/json.hpp"
#include "package/record.hpp"

namespace reseal::package {

enum class PathType {
    hardlink,  ///< a file
    softlink,
    directory,
    // What only an installation has:
    pyc_file,
    unix_python_entry_point,
    other,  ///< of another program, or to come: `extra` holds the word
};

struct PathEntry {
    std::string path;  ///< below the prefix, see record_path()
    PathType type = PathType::hardlink;
    bool no_link = false;
    std::optional<std::string> placeholder;
    std::optional<FileMode> mode;
    std::optional<std::string> sha256, sha256_in_prefix;  ///< 32 bytes each
    std::optional<std::uint64_t> size;
    Json extra;  ///< the keys that are none of these, `offsets` and `shebang_length` among them; null: none
    bool operator==(const PathEntry&) const = default;
};

/// Of an installation: what is only there is taken too. Throws Error (ErrorCode::malformed) naming the file, and the path or
/// the key `where`.
PathEntry read_path_entry(const Json& json, bool installed, const std::string& file, const std::string& where);
Json write_path_entry(const PathEntry& entry);

/// Of the entries that have a placeholder.
std::vector<Record> records_of(const std::vector<PathEntry>& entries);

}  // namespace reseal::package
