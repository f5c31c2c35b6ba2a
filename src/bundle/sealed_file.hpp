// SPDX-License-Identifier: BSL-1.0
#pragma once
// One file against the hashes that a CodeResources has of it.
#include <optional>
#include <reseal/bundle.hpp>
#include <string>

#include "bundle/code_resources.hpp"
#include "bundle/inside.hpp"

namespace reseal::bundle {

/// Nothing: it is what was sealed. Reads it once, a block at a time.
std::optional<BundleFinding> check_sealed_file(const Inside& top, const std::string& name, const Seal& seal);

}  // namespace reseal::bundle
