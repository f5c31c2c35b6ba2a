// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <reseal/source.hpp>
#include <string>
#include <string_view>

namespace reseal::relocate {

/// Calls take(bytes) with a file's bytes, from the first to the last, in pieces that fit the second-level cache.
template <class Take>
void read_through(const Source& file, Take&& take) {
    constexpr std::uint64_t piece = std::uint64_t{256} << 10;
    std::string buffer(static_cast<std::size_t>(std::min(piece, file.size())), '\0');
    for (std::uint64_t at = 0; at < file.size();) {
        const std::size_t count = file.read_at(at, buffer.data(), buffer.size());
        if (count == 0) return;
        take(std::string_view(buffer).substr(0, count));
        at += count;
    }
}

}  // namespace reseal::relocate
