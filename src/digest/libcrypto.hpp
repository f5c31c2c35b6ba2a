// SPDX-License-Identifier: BSL-1.0
#pragma once
// SHA-1, SHA-256, SHA-384 and SHA-512 by OpenSSL's libcrypto, which uses the processor's instructions. Built in every
// configuration; without libcrypto has() is false for everything.
#include <memory>
#include <reseal/hash_type.hpp>
#include <string_view>

#include "digest/digest.hpp"

namespace reseal::digest {

class Libcrypto {
public:
    /// Whether libcrypto is there and computes `type`; sha256_truncated is not a hash of its own and never is.
    static bool has(HashType type);
    /// The digest of `bytes`, by a context that each thread keeps per type: a 4 KiB message costs no allocation and no look-up.
    static Digest digest(HashType type, std::string_view bytes);

    /// Needs has(type).
    explicit Libcrypto(HashType type);
    Libcrypto(const Libcrypto& other);
    Libcrypto(Libcrypto&&) noexcept = default;
    Libcrypto& operator=(Libcrypto&&) noexcept = default;
    ~Libcrypto() = default;

    void update(std::string_view bytes);
    Digest finish();

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> context_;  // an EVP_MD_CTX; void, so that this header needs no OpenSSL
};

}  // namespace reseal::digest
