// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which environment `conda-unpack` means when nobody says so.
#include <optional>
#include <string>
#include <vector>

namespace reseal::cli {

/// The first of these folders that holds records of prefixes: the parent of the folder where the command was found, if it was
/// called conda-unpack (`called_as`: its first argument, else empty); the current one; $CONDA_PREFIX. Links are not resolved.
/// Throws Error (ErrorCode::io) that lists what was tried.
std::string find_conda_prefix(const std::string& called_as);

/// Whether the folder holds such records.
bool holds_records(const std::string& prefix);

/// Where a shell finds `command` (a name, or a path), from the root on; none: nowhere.
std::optional<std::string> found_in_path(const std::string& command);

}  // namespace reseal::cli
