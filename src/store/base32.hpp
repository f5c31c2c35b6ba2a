// SPDX-License-Identifier: BSL-1.0
#pragma once
// Nix's base 32: the digits and letters without e, o, u and t, least significant bits first, written from the end (Nix manual,
// "Store path specification").
#include <optional>
#include <string>
#include <string_view>

namespace reseal::store {

constexpr std::string_view base32_digits = "0123456789abcdfghijklmnpqrsvwxyz";

/// Characters that `bytes` bytes take.
constexpr std::size_t base32_size(std::size_t bytes) { return (bytes * 8 + 4) / 5; }

std::string base32(std::string_view bytes);
/// The `size` bytes that `text` stands for; nothing when it is not what base32() gives for some bytes.
std::optional<std::string> parse_base32(std::string_view text, std::size_t size);

}  // namespace reseal::store
