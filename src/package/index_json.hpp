// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a conda package says of itself: info/index.json, info/link.json, and the metadata.json of the .conda format.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "package/json.hpp"

namespace reseal::package {

enum class Noarch { none, generic, python };

struct IndexJson {
    std::string name, version, build;
    std::uint64_t build_number = 0;
    std::string subdir;  ///< linux-64, osx-arm64, noarch, …; empty where nobody says
    Noarch noarch = Noarch::none;
    std::vector<std::string> depends;
    std::string site_packages;  ///< of a Python: where its site-packages are, below the prefix; empty: the usual place
    Json all;                   ///< every key as it stands there
    /// "name-version-build", as its record is called.
    std::string dist() const;
};

/// Throws Error (ErrorCode::malformed) naming the file and the key: also where the name, version or build could not be part of
/// a file's name.
IndexJson read_index_json(std::string_view text, const std::string& file);

/// A command of a noarch Python package: `COMMAND = MODULE:FUNCTION`.
struct EntryPoint {
    std::string command, module, function;
    bool operator==(const EntryPoint&) const = default;
};

/// Throws Error (ErrorCode::malformed, entry `file`) where it has another form, or a part of it could lead out of `bin`, or
/// would not be the same in the Python text of a script.
EntryPoint parse_entry_point(std::string_view text, const std::string& file);

/// The entry points in info/link.json (or the older info/package_metadata.json). Throws as read_index_json().
std::vector<EntryPoint> read_link_json(std::string_view text, const std::string& file);

/// Throws Error unless the .conda archive is of format 2, the only one there is.
void check_conda_format(std::string_view metadata_json, const std::string& file);

}  // namespace reseal::package
