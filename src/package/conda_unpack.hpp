// SPDX-License-Identifier: BSL-1.0
#pragma once
// The records that conda-pack leaves in an environment: a list in the Python program bin/conda-unpack. It is read, never run.
#include <reseal/source.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "package/record.hpp"

namespace reseal::package {

inline constexpr const char* conda_unpack_script = "bin/conda-unpack";
inline constexpr std::size_t max_script = std::size_t{64} << 20;
inline constexpr std::size_t max_records = 2'000'000;

/// Whether the file can be that script. A program that was put in its place, such as this command, need not be read: it has a
/// NUL early on, which Python never has. Throws Error (ErrorCode::io).
bool is_conda_unpack_script(const Source& file);
/// Whether the text has a line that begins with the assignment; where not, conda-pack did not write it.
bool has_conda_unpack_records(std::string_view script);

/// The records of the one assignment `_prefix_records = [` at the beginning of a line: tuples of path, placeholder and mode.
/// Throws Error (ErrorCode::malformed, entry `file`) with line and column for anything else in there, for a second assignment,
/// for a path that is there twice or leads out of the prefix, for more than `most` records.
std::vector<Record> conda_unpack_records(std::string_view script, const std::string& file, std::size_t most = max_records);

}  // namespace reseal::package
