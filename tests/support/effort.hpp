// SPDX-License-Identifier: BSL-1.0
#pragma once
// How much of an exhaustive test is run. Under a sanitizer everything takes many times as long: what goes through every place
// of an input, or many made at random, takes some of them there and all of them in the build without.
#include <cstddef>

namespace support {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// How many of `all`.
constexpr std::size_t rounds(std::size_t all) { return sanitized ? (all + 7) / 8 : all; }
/// How far to the next place; 7 times a power of two would always meet the same bytes of a word, so 7 alone.
constexpr std::size_t step(std::size_t least) { return sanitized ? 7 * least : least; }

}  // namespace support
