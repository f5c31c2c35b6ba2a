// SPDX-License-Identifier: BSL-1.0
#include "store/base32.hpp"

namespace reseal::store {

std::string base32(std::string_view bytes) {
    std::string text;
    for (std::size_t n = base32_size(bytes.size()); n-- > 0;) {
        const std::size_t at = n * 5 / 8, shift = n * 5 % 8;
        unsigned value = static_cast<unsigned char>(bytes[at]) >> shift;
        if (at + 1 < bytes.size()) value |= static_cast<unsigned>(static_cast<unsigned char>(bytes[at + 1])) << (8 - shift);
        text += base32_digits[value & 31];
    }
    return text;
}

std::optional<std::string> parse_base32(std::string_view text, std::size_t size) {
    if (text.size() != base32_size(size)) return {};
    std::string bytes(size, '\0');
    for (std::size_t n = 0; n < text.size(); ++n) {
        const std::size_t digit = base32_digits.find(text[text.size() - 1 - n]);
        if (digit == base32_digits.npos) return {};
        const std::size_t at = n * 5 / 8, shift = n * 5 % 8;
        const unsigned value = static_cast<unsigned>(digit) << shift;
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) | (value & 0xff));
        if (at + 1 < size) bytes[at + 1] = static_cast<char>(value >> 8);
        else if (value >> 8 != 0) return {};  // bits beyond the last byte
    }
    return bytes;
}

}  // namespace reseal::store
