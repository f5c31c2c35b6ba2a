// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reseal {

/// The hash types of a CodeDirectory, with the numbers they have there (xnu osfmk/kern/cs_blobs.h, CS_HASHTYPE_*).
/// SHA-512 has a number but neither xnu nor Security implement it in signatures.
enum class HashType : std::uint8_t { sha1 = 1, sha256 = 2, sha256_truncated = 3, sha384 = 4, sha512 = 5 };

/// Bytes of a digest: 20, 32, 20, 48, 64.
std::size_t digest_size(HashType type);

/// "sha1", "sha256", "sha256-truncated", "sha384", "sha512".
std::string_view name(HashType type);

}  // namespace reseal
