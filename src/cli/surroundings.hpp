// SPDX-License-Identifier: BSL-1.0
#pragma once
// What lies around a file on disk, for explain: the bundle that it is of, extended attributes, the date.
#include <reseal/explain.hpp>
#include <string>

namespace reseal::cli {

/// What cannot be read is left out. `path` may be "-".
Surroundings surroundings_of(const std::string& path, const std::string& processor);

}  // namespace reseal::cli
