// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which part of every rule the search looks at. All rules share one window [offset, offset + length), inside the shortest of
// them; a gram is `gram` bytes of it. A stream that is probed every stride() bytes shows exactly one gram of each window it
// holds.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <reseal/rules.hpp>
#include <string_view>
#include <vector>

namespace reseal::match {

struct Window {
    std::size_t offset = 0;
    std::size_t length = 1;
    std::size_t gram = 1;  ///< 1 to 8 bytes, at most `length`

    std::size_t stride() const { return length - gram + 1; }
};

/// The window that should cost least to look for. `rules` must hold at least one, none empty.
Window choose_window(const std::vector<Rule>& rules);

/// The eight bytes at `from`, as an integer in the machine's own order.
inline std::uint64_t load_word(const char* from) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}
/// The same where fewer than eight may be left: zeros stand in for what is missing.
inline std::uint64_t load_word(std::string_view from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from.data(), from.size() < sizeof word ? from.size() : sizeof word);
    return word;
}
/// Keeps the first `count` (1 to 8) bytes of a word.
inline std::uint64_t first_bytes(std::size_t count) {
    constexpr std::uint64_t all = ~std::uint64_t{0};
    return std::endian::native == std::endian::little ? all >> (64 - 8 * count) : all << (64 - 8 * count);
}

}  // namespace reseal::match
