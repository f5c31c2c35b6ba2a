// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>

namespace reseal::macho {

/// 0x1d, for messages.
inline std::string hex(std::uint64_t value) {
    std::string digits;
    do digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
    while (value /= 16);
    return "0x" + digits;
}

}  // namespace reseal::macho
