// SPDX-License-Identifier: BSL-1.0
#pragma once
// Digests are bytes here and hexadecimal digits in metadata.
#include <optional>
#include <string>
#include <string_view>

namespace reseal::package {

inline std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const char byte : bytes) {
        out += digits[static_cast<unsigned char>(byte) >> 4];
        out += digits[static_cast<unsigned char>(byte) & 15];
    }
    return out;
}

/// Either case; nothing unless all are pairs of digits.
inline std::optional<std::string> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) return {};
    std::string out;
    out.reserve(digits.size() / 2);
    unsigned byte = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const char digit = digits[i];
        unsigned value = 0;
        if (digit >= '0' && digit <= '9') value = static_cast<unsigned>(digit - '0');
        else if (digit >= 'a' && digit <= 'f') value = static_cast<unsigned>(digit - 'a') + 10;
        else if (digit >= 'A' && digit <= 'F') value = static_cast<unsigned>(digit - 'A') + 10;
        else return {};
        byte = (byte << 4 | value) & 0xFF;
        if (i % 2 == 1) out += static_cast<char>(byte);
    }
    return out;
}

}  // namespace reseal::package
