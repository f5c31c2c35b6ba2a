// SPDX-License-Identifier: BSL-1.0
#pragma once
// What is a path and nothing else, where it begins with a prefix that moves: targets of links, install names, rpaths.
#include <reseal/prefixes.hpp>
#include <span>
#include <string_view>

namespace reseal::relocate {

/// The pair whose *from* `path` begins with: the longest, and only where a component ends with it. Null without one.
const PrefixPair* moved_by(std::string_view path, std::span<const PrefixPair> pairs);

}  // namespace reseal::relocate
