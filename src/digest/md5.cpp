// SPDX-License-Identifier: BSL-1.0
#include "digest/md5.hpp"

#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include <array>
#include <new>

#include "digest/evp.hpp"

namespace reseal::digest {
namespace {

// None where a policy of the system forbids it.
const EVP_MD* md5_algorithm() {
    static EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
    return md5;
}

}  // namespace

void Md5::Free::operator()(void* context) const { EVP_MD_CTX_free(as_context(context)); }

bool Md5::available() { return md5_algorithm() != nullptr; }

Md5::Md5() : context_(EVP_MD_CTX_new()) {
    check(context_ ? 1 : 0);
    check(EVP_DigestInit_ex2(as_context(context_.get()), md5_algorithm(), nullptr));
}

void Md5::update(std::string_view bytes) { check(EVP_DigestUpdate(as_context(context_.get()), bytes.data(), bytes.size())); }

std::string Md5::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> value;
    unsigned size = 0;
    check(EVP_DigestFinal_ex(as_context(context_.get()), value.data(), &size));
    return std::string(reinterpret_cast<const char*>(value.data()), size);
}

}  // namespace reseal::digest

#else

namespace reseal::digest {

void Md5::Free::operator()(void*) const {}
bool Md5::available() { return false; }
Md5::Md5() = default;
void Md5::update(std::string_view) {}
std::string Md5::finish() { return {}; }

}  // namespace reseal::digest

#endif
