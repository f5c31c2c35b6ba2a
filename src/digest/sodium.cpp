// SPDX-License-Identifier: BSL-1.0
#include "digest/sodium.hpp"

#include <sodium/core.h>

#include <array>

namespace reseal::digest {
namespace {

// libsodium asks to be initialised before anything else; calling it again from elsewhere in the process is harmless.
void initialise() { [[maybe_unused]] static const int once = sodium_init(); }

const unsigned char* as_unsigned(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

template <std::size_t size>
Digest to_digest(const std::array<unsigned char, size>& value) {
    return Digest({reinterpret_cast<const char*>(value.data()), size});
}

}  // namespace

Sodium::Sodium(HashType type) {
    initialise();
    if (type == HashType::sha256) {
        crypto_hash_sha256_init(&state_.emplace<crypto_hash_sha256_state>());
    } else {
        crypto_hash_sha512_init(&state_.emplace<crypto_hash_sha512_state>());
    }
}

void Sodium::update(std::string_view bytes) {
    if (auto* sha256 = std::get_if<crypto_hash_sha256_state>(&state_)) {
        crypto_hash_sha256_update(sha256, as_unsigned(bytes), bytes.size());
    } else {
        crypto_hash_sha512_update(&std::get<crypto_hash_sha512_state>(state_), as_unsigned(bytes), bytes.size());
    }
}

Digest Sodium::finish() {
    if (auto* sha256 = std::get_if<crypto_hash_sha256_state>(&state_)) {
        std::array<unsigned char, crypto_hash_sha256_BYTES> value;
        crypto_hash_sha256_final(sha256, value.data());
        return to_digest(value);
    }
    std::array<unsigned char, crypto_hash_sha512_BYTES> value;
    crypto_hash_sha512_final(&std::get<crypto_hash_sha512_state>(state_), value.data());
    return to_digest(value);
}

Digest Sodium::digest(HashType type, std::string_view bytes) {
    Sodium running(type);
    running.update(bytes);
    return running.finish();
}

}  // namespace reseal::digest
