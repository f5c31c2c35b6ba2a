// SPDX-License-Identifier: BSL-1.0
#include "relocate/encoding.hpp"

namespace reseal {

std::string_view name(PrefixField::Encoding encoding) {
    switch (encoding) {
        case PrefixField::Encoding::utf8: return "utf-8";
        case PrefixField::Encoding::utf16le: return "utf-16-le";
        case PrefixField::Encoding::utf16be: return "utf-16-be";
        case PrefixField::Encoding::utf32le: return "utf-32-le";
        case PrefixField::Encoding::utf32be: return "utf-32-be";
    }
    return {};
}

}  // namespace reseal

namespace reseal::relocate {
namespace {

/// Takes one character off `text`; nothing where it is not UTF-8 (overlong forms and surrogates are not).
std::optional<std::uint32_t> take_character(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::uint32_t first = byte(0);
    const std::size_t size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (size == 0 || size > text.size()) return {};
    std::uint32_t character = size == 1 ? first : first & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if (byte(i) >> 6 != 2) return {};
        character = character << 6 | (byte(i) & 0x3fu);
    }
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (character < least[size] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) return {};
    text.remove_prefix(size);
    return character;
}

void append_unit(std::string& out, std::uint32_t unit, Encoding encoding) {
    const std::size_t size = width(encoding);
    const bool big = encoding == Encoding::utf16be || encoding == Encoding::utf32be;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(unit >> (8 * (big ? size - 1 - i : i)) & 0xff);
}

}  // namespace

std::optional<std::string> encode(std::string_view text, Encoding encoding) {
    if (encoding == Encoding::utf8) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const std::optional<std::uint32_t> character = take_character(text);
        if (!character) return {};
        if (width(encoding) == 4 || *character < 0x10000) {
            append_unit(out, *character, encoding);
        } else {
            append_unit(out, 0xd800 + ((*character - 0x10000) >> 10), encoding);
            append_unit(out, 0xdc00 + ((*character - 0x10000) & 0x3ff), encoding);
        }
    }
    return out;
}

std::uint32_t first_unit(std::string_view text, Encoding encoding) {
    const std::size_t size = width(encoding);
    const bool big = encoding == Encoding::utf16be || encoding == Encoding::utf32be;
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < size; ++i)
        unit |= std::uint32_t{static_cast<unsigned char>(text[i])} << (8 * (big ? size - 1 - i : i));
    return unit;
}

std::string units(std::size_t count, char character, Encoding encoding) {
    std::string out;
    out.reserve(count * width(encoding));
    for (std::size_t i = 0; i < count; ++i) append_unit(out, static_cast<unsigned char>(character), encoding);
    return out;
}

}  // namespace reseal::relocate
