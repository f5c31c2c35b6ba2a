// SPDX-License-Identifier: BSL-1.0
#pragma once
// Prefixes in UTF-16 and UTF-32: how programs for Windows, and string tables of Python and Qt, keep paths.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>

namespace reseal::relocate {

using Encoding = PrefixField::Encoding;

/// UTF-8 first, then in the order in which conda looks.
inline constexpr std::array all_encodings = {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::utf32le,
                                             Encoding::utf32be};

/// Bytes of one unit: 1, 2 or 4.
constexpr std::size_t width(Encoding encoding) {
    return encoding == Encoding::utf8 ? 1 : encoding == Encoding::utf16le || encoding == Encoding::utf16be ? 2 : 4;
}

/// UTF-8 in another encoding; nothing when the text is not UTF-8. In UTF-8 every text is as it is.
std::optional<std::string> encode(std::string_view text, Encoding encoding);

/// The unit that begins `text`, which holds at least width() bytes.
std::uint32_t first_unit(std::string_view text, Encoding encoding);

/// `count` units of an ASCII character.
std::string units(std::size_t count, char character, Encoding encoding);

}  // namespace reseal::relocate
