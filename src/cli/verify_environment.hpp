// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal relocate --verify`: whether the files of an environment are those that its metadata says.
#include <string>

#include "cli/exit_status.hpp"
#include "cli/relocate_options.hpp"

namespace reseal::cli {

/// Every regular file for which `sha256_in_prefix` or conda-meta/reseal (which is newer) says a digest. Names those that
/// differ or are not there: refused then. Throws Error.
ExitStatus verify_environment(const std::string& folder, const RelocateOptions& options);

}  // namespace reseal::cli
