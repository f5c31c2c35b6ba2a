// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bytes as hexadecimal digits: digests in metadata, bytes in messages.
#include <optional>
#include <string>
#include <string_view>

namespace reseal {

/// The value of a digit of either case; -1: it is none.
constexpr int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/// Two small digits for each byte.
std::string to_hex(std::string_view bytes);
/// Of either case; nothing unless all are pairs of digits.
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace reseal
