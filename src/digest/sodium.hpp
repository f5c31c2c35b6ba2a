// SPDX-License-Identifier: BSL-1.0
#pragma once
// SHA-256 and SHA-512 by libsodium, which is always there.
#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_hash_sha512.h>

#include <reseal/hash_type.hpp>
#include <string_view>
#include <variant>

#include "digest/digest.hpp"

namespace reseal::digest {

class Sodium {
public:
    static bool has(HashType type) { return type == HashType::sha256 || type == HashType::sha512; }
    static Digest digest(HashType type, std::string_view bytes);

    /// Needs has(type).
    explicit Sodium(HashType type);
    void update(std::string_view bytes);
    Digest finish();

private:
    std::variant<crypto_hash_sha256_state, crypto_hash_sha512_state> state_;
};

}  // namespace reseal::digest
