// SPDX-License-Identifier: BSL-1.0
#pragma once
// Symbolic links into a tree that moves.
#include <optional>
#include <reseal/relocation.hpp>
#include <span>
#include <string>
#include <string_view>

namespace reseal::relocate {

/// Where a link to `target` has to point when prefixes move; none: it stays.
std::optional<std::string> moved_target(std::string_view target, std::span<const PrefixPair> pairs);

}  // namespace reseal::relocate
