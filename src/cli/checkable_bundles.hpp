// SPDX-License-Identifier: BSL-1.0
#pragma once
// The bundles of a folder that this build can look at: without libplist it reads no seals.
#include <string>
#include <vector>

namespace reseal::cli {

/// bundles_in(folder); or none, and a note that says why.
std::vector<std::string> checkable_bundles(const std::string& folder);

}  // namespace reseal::cli
