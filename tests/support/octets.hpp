// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bytes and numbers for the tests' builders and oracles, on purpose apart from src/bytes: a mistake there must not
// hide itself here.
#include <cstdint>
#include <string>
#include <string_view>

namespace support {

/// The integer of `width` bytes at `at`; throws std::out_of_range where they are not all there.
std::uint64_t get(std::string_view bytes, std::uint64_t at, unsigned width, bool big);
inline std::uint32_t big32(std::string_view bytes, std::uint64_t at) {
    return static_cast<std::uint32_t>(get(bytes, at, 4, true));
}
inline std::uint64_t big64(std::string_view bytes, std::uint64_t at) { return get(bytes, at, 8, true); }

/// `value` as `width` bytes.
std::string integer(std::uint64_t value, unsigned width, bool big);
inline std::string be32(std::uint64_t value) { return integer(value, 4, true); }
inline std::string be64(std::uint64_t value) { return integer(value, 8, true); }

/// `bytes` with the ones from `at` on replaced by `by`; throws std::out_of_range where `by` does not fit.
void poke(std::string& bytes, std::uint64_t at, std::string_view by);
std::string poked(std::string bytes, std::uint64_t at, std::string_view by);

/// Every occurrence of `from` replaced by `to`, from left to right: what the naive rewriter does.
std::string replaced(std::string bytes, std::string_view from, std::string_view to);

std::string hex(std::string_view bytes);

/// `count` pseudo-random bytes, the same for the same seed on every machine.
std::string noise(std::size_t count, std::uint64_t seed);

}  // namespace support
