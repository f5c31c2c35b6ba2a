// SPDX-License-Identifier: BSL-1.0
#include "package/fold.hpp"

#include <algorithm>
#include <cwctype>

#include "package/utf8_locale.hpp"

namespace reseal::package {
namespace {

/// The code point at the front of `text` and its length; length 0: no UTF-8.
struct Decoded {
    char32_t value = 0;
    std::size_t size = 0;
};

Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size) return {};
    char32_t value = first & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        value = value << 6 | (byte(i) & 0x3fu);
    }
    return {value, size};
}

void append(std::string& out, char32_t c) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3f)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    if (c < 0x800) {
        out += static_cast<char>(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0 | c >> 12);
        tail(6);
    } else {
        out += static_cast<char>(0xf0 | c >> 18);
        tail(12);
        tail(6);
    }
    tail(0);
}

}  // namespace

std::string folded(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    while (!name.empty()) {
        const Decoded c = decode(name);
        if (c.size > 0) append(out, utf8_lower(c.value));
        else out += name[0];
        name.remove_prefix(std::max<std::size_t>(c.size, 1));
    }
    return out;
}

}  // namespace reseal::package
