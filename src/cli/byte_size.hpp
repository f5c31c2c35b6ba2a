// SPDX-License-Identifier: BSL-1.0
#pragma once
// How many bytes, as people write it.
#include <cstdint>
#include <optional>
#include <string_view>

namespace reseal::cli {

/// A number, with nothing behind it or one of K, M, G, T, or KiB, MiB, GiB, TiB, in small letters too: powers of 1024. None for
/// all else (KB is 1000 to some and 1024 to others), and for what 64 bits do not hold.
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

}  // namespace reseal::cli
