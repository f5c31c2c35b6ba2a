// SPDX-License-Identifier: BSL-1.0
#pragma once
// A first line and the prefixes in it.
#include <optional>
#include <reseal/prefixes.hpp>
#include <string_view>
#include <vector>

#include "relocate/shebang.hpp"

namespace reseal::relocate {

/// Where the prefixes stand in a line; those that would reach over its end do not count.
std::vector<ShebangHit> shebang_hits(std::string_view line, const Prefixes& prefixes);

/// The line with its prefixes replaced; nothing where none stands in it.
std::optional<Shebang> moved_shebang(std::string_view line, const Prefixes& prefixes);

}  // namespace reseal::relocate
