// SPDX-License-Identifier: BSL-1.0
#include "relocate/encoding.hpp"

#include "bytes/utf8.hpp"

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
        const Utf8Character character = first_character(text);
        if (character.size == 0) return {};
        text.remove_prefix(character.size);
        if (width(encoding) == 4 || character.value < 0x10000) {
            append_unit(out, character.value, encoding);
        } else {
            append_unit(out, 0xd800 + ((character.value - 0x10000) >> 10), encoding);
            append_unit(out, 0xdc00 + ((character.value - 0x10000) & 0x3ff), encoding);
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
