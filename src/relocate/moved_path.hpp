// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <reseal/relocation.hpp>
#include <string_view>
#include <vector>

namespace reseal::relocate {

/// The pair whose *from* `path` begins with: the longest, and only where a component ends with it. Null without one.
const PrefixPair* moved_by(std::string_view path, const std::vector<PrefixPair>& pairs);

}  // namespace reseal::relocate
