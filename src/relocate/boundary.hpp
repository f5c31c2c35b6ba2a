// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a prefix stands for itself (Boundary::path): `/usr/local` not in `/mnt/usr/local`, nor in `/usr/localized`.
#include <cstddef>
#include <string_view>

namespace reseal::relocate {

/// So many bytes before a prefix decide, fewer only where the file begins: the longest word of a compiler's option is looked at
/// (`-isystem/usr/local`).
constexpr std::size_t boundary_before = 16;

/// `before`: at least the boundary_before bytes in front of the prefix; `after`: at least one byte behind it. Fewer where the
/// file begins or ends.
bool stands_alone(std::string_view before, std::string_view prefix, std::string_view after);

}  // namespace reseal::relocate
