// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the prefixes of a memory go, as the command line says it.
#include <reseal/prefixes.hpp>
#include <string>
#include <vector>

#include "package/memory.hpp"

namespace reseal::cli {

/// Of each: where one of the pairs says of what stands there now, or of what stood there first; else it stays, or goes with the
/// one that it lies in.
std::vector<std::string> remembered_targets(const package::Memory& memory, const std::vector<PrefixPair>& pairs);

}  // namespace reseal::cli
