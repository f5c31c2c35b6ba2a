// SPDX-License-Identifier: BSL-1.0
#include "seal/derived_uuid.hpp"

#include <algorithm>

namespace reseal::seal {

void DerivedUuid::add(std::uint64_t offset, std::string_view bytes) {
    const std::uint64_t end = offset + bytes.size();
    const std::uint64_t from = std::clamp(uuid_.offset, offset, end), to = std::clamp(uuid_.end(), offset, end);
    hasher_.update(bytes.substr(0, static_cast<std::size_t>(from - offset)));
    hasher_.update(std::string(static_cast<std::size_t>(to - from), '\0'));
    hasher_.update(bytes.substr(static_cast<std::size_t>(to - offset)));
}

std::string DerivedUuid::finish() {
    std::string uuid(hasher_.finish().prefix(16).bytes());
    const auto put = [&](std::size_t at, unsigned mask, unsigned bits) {
        uuid[at] = static_cast<char>((static_cast<unsigned char>(uuid[at]) & mask) | bits);
    };
    put(6, 0x0f, 0x80);  // version 8
    put(8, 0x3f, 0x80);  // variant 10
    return uuid;
}

}  // namespace reseal::seal
