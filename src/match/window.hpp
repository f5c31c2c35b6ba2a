// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which part of every rule the search looks at. All rules share one window [offset, offset + length), inside the shortest of
// them; a gram is `gram` bytes of it. A stream that is probed every stride() bytes shows exactly one gram of each window it holds.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <reseal/rules.hpp>
#include <vector>

namespace reseal::match {

struct Window {
    std::size_t offset = 0;
    std::size_t length = 1;
    std::size_t gram = 1;  ///< 1, 2, 4 or 8 bytes, at most `length`

    std::size_t stride() const { return length - gram + 1; }
};

/// The window that should cost least to look for. `rules` must hold at least one, none empty.
Window choose_window(const std::vector<Rule>& rules);

/// The `count` (at most 8) bytes at `from` as an integer, in the machine's own order.
inline std::uint64_t load_gram(const char* from, std::size_t count) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, count);
    return value;
}

}  // namespace reseal::match
