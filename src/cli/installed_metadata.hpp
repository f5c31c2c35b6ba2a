// SPDX-License-Identifier: BSL-1.0
#pragma once
// The records of installed packages in an environment on disk, which have to tell of its files as they are.
#include <map>
#include <string>

#include "cli/relocate_options.hpp"
#include "package/installed_digests.hpp"

namespace reseal::cli {

/// Whether conda would take the folder for an environment.
bool is_environment(const std::string& folder);

/// Each record that tells of what has moved is replaced as a whole by one that tells of it as it is now; one that does already
/// stays, so that what a killed run left over can be done again. They are on the disk then, if
/// options.sync. Throws Error.
void follow_moves(const std::string& folder, const package::MovedPaths& moved, const RelocateOptions& options);
/// The records that would change so, by name below the folder, as they would be. Throws Error.
std::map<std::string, std::string> followed_moves(const std::string& folder, const package::MovedPaths& moved);

}  // namespace reseal::cli
