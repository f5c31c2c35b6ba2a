// SPDX-License-Identifier: BSL-1.0
#pragma once
// SHA-1 and SHA-2 straight from FIPS 180-4: slow, short, and sharing nothing with what it checks. The tests' oracle and their
// signer hash with it.
#include <cstdint>
#include <string>
#include <string_view>

namespace support {

std::string plain_sha1(std::string_view message);
std::string plain_sha256(std::string_view message);
std::string plain_sha384(std::string_view message);
std::string plain_sha512(std::string_view message);

/// By the number a CodeDirectory gives the hash (1 … 5, 3 being SHA-256 cut to 20 bytes); empty for any other number.
std::string plain_hash(std::uint8_t hash_type, std::string_view message);

}  // namespace support
