// SPDX-License-Identifier: BSL-1.0
#include "digest/libcrypto.hpp"

#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include <array>
#include <new>

#include "digest/evp.hpp"

namespace reseal::digest {
namespace {

// Fetched once: a fetch by name costs as much as hashing a kilobyte. Never freed, because OpenSSL's own clean-up at exit may
// come before that of our statics.
const EVP_MD* algorithm(HashType type) {
    static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD* const sha384 = EVP_MD_fetch(nullptr, "SHA384", nullptr);
    static EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
    switch (type) {
        case HashType::sha1: return sha1;
        case HashType::sha256: return sha256;
        case HashType::sha384: return sha384;
        case HashType::sha512: return sha512;
        case HashType::sha256_truncated: break;
    }
    return nullptr;
}

EVP_MD_CTX* new_context() {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    if (!context) throw std::bad_alloc();
    return context;
}

Digest finish_in(EVP_MD_CTX* context) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> value;
    unsigned size = 0;
    check(EVP_DigestFinal_ex(context, value.data(), &size));
    return Digest({reinterpret_cast<const char*>(value.data()), size});
}

}  // namespace

void Libcrypto::Free::operator()(void* context) const { EVP_MD_CTX_free(as_context(context)); }

bool Libcrypto::has(HashType type) { return algorithm(type) != nullptr; }

Libcrypto::Libcrypto(HashType type) : context_(new_context()) {
    check(EVP_DigestInit_ex2(as_context(context_.get()), algorithm(type), nullptr));
}

Libcrypto::Libcrypto(const Libcrypto& other) : context_(new_context()) {
    check(EVP_MD_CTX_copy_ex(as_context(context_.get()), as_context(other.context_.get())));
}

void Libcrypto::update(std::string_view bytes) {
    check(EVP_DigestUpdate(as_context(context_.get()), bytes.data(), bytes.size()));
}

Digest Libcrypto::finish() { return finish_in(as_context(context_.get())); }

Digest Libcrypto::digest(HashType type, std::string_view bytes) {
    // One context per type: OpenSSL throws a context's inner state away when the algorithm changes.
    thread_local std::array<std::unique_ptr<void, Free>, 6> contexts;
    std::unique_ptr<void, Free>& slot = contexts.at(static_cast<std::size_t>(type));
    if (!slot) slot.reset(new_context());
    EVP_MD_CTX* context = as_context(slot.get());
    check(EVP_DigestInit_ex2(context, algorithm(type), nullptr));
    check(EVP_DigestUpdate(context, bytes.data(), bytes.size()));
    return finish_in(context);
}

}  // namespace reseal::digest

#else

#include <cstdlib>

// Nobody makes a Libcrypto where has() is false; these only satisfy the linker.
namespace reseal::digest {
void Libcrypto::Free::operator()(void*) const {}
bool Libcrypto::has(HashType) { return false; }
Libcrypto::Libcrypto(HashType) { std::abort(); }
Libcrypto::Libcrypto(const Libcrypto&) { std::abort(); }
void Libcrypto::update(std::string_view) { std::abort(); }
Digest Libcrypto::finish() { std::abort(); }
Digest Libcrypto::digest(HashType, std::string_view) { std::abort(); }
}  // namespace reseal::digest

#endif
