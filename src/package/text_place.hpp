// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where in a text something is, as an editor counts it.
#include <algorithm>
#include <string>
#include <string_view>

namespace reseal::package {

/// "line 2, column 5" of the byte at `offset`, both from 1; a column is a character of UTF-8.
inline std::string text_place(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    std::size_t column = 1;
    for (const char byte : before.substr(line_start)) column += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    return "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ", column " + std::to_string(column);
}

}  // namespace reseal::package
