// SPDX-License-Identifier: BSL-1.0
#pragma once
// The ways to cut a stream under which every law is tried.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace support {

/// So many bytes at a time; 0 stands for sizes by chance.
inline constexpr std::array<std::size_t, 9> chunkings = {1, 2, 3, 7, 4095, 4096, 4097, 16384, 0};

/// The same without those of a few bytes, for inputs of megabytes.
inline constexpr std::array<std::size_t, 5> coarse_chunkings = {4095, 4096, 4097, 16384, 0};

/// `input` in chunks of `size` bytes, or of sizes by chance (many small ones, some large, some empty) that follow from `seed`.
std::vector<std::string_view> cut(std::string_view input, std::size_t size, std::uint64_t seed = 1);

/// Calls `write` with one chunk after another.
template <class Write>
void apply(std::size_t size, std::string_view input, Write&& write, std::uint64_t seed = 1) {
    for (std::string_view chunk : cut(input, size, seed)) write(chunk);
}

}  // namespace support
