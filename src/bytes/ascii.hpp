// SPDX-License-Identifier: BSL-1.0
#pragma once
// Kinds of characters in formats that are ASCII, whatever the locale says.

namespace reseal {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace reseal
