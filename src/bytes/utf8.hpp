// SPDX-License-Identifier: BSL-1.0
#pragma once
// UTF-8 character by character, in text that may be anything.
#include <cstddef>
#include <string>
#include <string_view>

namespace reseal {

struct Utf8Character {
    char32_t value = 0;
    std::size_t size = 0;  ///< bytes; 0: there is none
};

/// What `text`, which is not empty, begins with; none where that is not well-formed (Unicode 15, table 3-7: no overlong forms,
/// no surrogates, nothing behind U+10FFFF).
Utf8Character first_character(std::string_view text);

/// `value`: at most U+10FFFF, no surrogate.
void append_utf8(std::string& out, char32_t value);

}  // namespace reseal
