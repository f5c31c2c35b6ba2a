// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where a rewritten text differs from the one it was made of: in a few places of many bytes.
#include <cstddef>
#include <string_view>

namespace reseal {

/// The bytes [from, to) of both.
struct Difference {
    std::size_t from, to;
    bool empty() const { return from == to; }
};

/// The first stretch that differs in two texts of one length, at `from` or behind; empty, at their end, where there is none.
/// Bytes that differ and lie closer than 64 are one stretch: whoever writes it pays more for another one than for those
/// between.
Difference next_difference(std::string_view one, std::string_view other, std::size_t from);

}  // namespace reseal
