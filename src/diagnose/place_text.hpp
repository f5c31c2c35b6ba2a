// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a person can read among the bytes of a page.
#include <cstddef>
#include <string_view>

namespace reseal::diagnose {

inline constexpr std::size_t max_place_text = 256;  ///< bytes

struct PlaceText {
    std::size_t at = 0;     ///< in the bytes
    std::string_view text;  ///< empty: there is none
};

/// The run of printable characters that holds the byte at `at`, if it has at least four. Else, of those that a NUL ends: the
/// first that looks like a path, else the first of at least eight. Only runs that begin in [from, to) are looked at for these.
PlaceText find_place_text(std::string_view bytes, std::size_t at, std::size_t from, std::size_t to);

}  // namespace reseal::diagnose
