// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the info/ folder of one conda package says, as far as unpacking it needs it.
#include <time.h>

#include <functional>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "package/index_json.hpp"
#include "package/path_entry.hpp"

namespace reseal::package {

struct CondaPackage {
    IndexJson index;
    std::vector<PathEntry> paths;  ///< what is installed, as the package names it, in the order of its metadata
    std::vector<Record> records;   ///< of these, the files and links that hold a placeholder
    std::vector<EntryPoint> entry_points;
    std::optional<timespec> time;  ///< when it was made
};

/// A file of info/ by its name there; none where it is not there.
using InfoFile = std::function<std::optional<std::string>(const std::string& name)>;

/// Throws Error (ErrorCode::malformed) naming `archive` and the file, for metadata that is missing, means nothing or lies, and
/// for packages for Windows.
CondaPackage read_conda_package(const InfoFile& info, const std::string& archive);

/// Scripts that a package manager would run when it links or unlinks a package: they stay where they are.
bool is_link_script(std::string_view path);

}  // namespace reseal::package
