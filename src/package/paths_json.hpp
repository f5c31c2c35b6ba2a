// SPDX-License-Identifier: BSL-1.0
#pragma once
// info/paths.json of a conda package, or what older packages have in its place: info/files, info/has_prefix, info/no_link.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "package/path_entry.hpp"

namespace reseal::package {

/// The entries in the order of the file, of version 1, the only one there is. Throws Error (ErrorCode::malformed) naming the
/// file and the key, or the path that is there twice or leads out of the prefix.
std::vector<PathEntry> read_paths_json(std::string_view text, const std::string& file);

/// The lines of info/files, info/no_link, info/no_softlink: stripped, without empty ones and comments; checked paths. Throws as
/// above.
std::vector<std::string> read_path_list(std::string_view text, const std::string& file);

/// info/has_prefix: `path`, whose placeholder is the oldest there was, in text; or `placeholder mode path`. Words may be
/// quoted. Throws as above, naming the line; lines of Windows packages are refused.
std::vector<Record> read_has_prefix(std::string_view text, const std::string& file);

/// The placeholder of lines without one.
inline constexpr std::string_view oldest_placeholder = "/opt/anaconda1anaconda2anaconda3";

}  // namespace reseal::package
