// SPDX-License-Identifier: BSL-1.0
#pragma once
// What every use of OpenSSL's digests needs. Included only where libcrypto is there.
#include <openssl/evp.h>

#include <new>

namespace reseal::digest {

/// With an algorithm that was fetched, the only failure left is that of an allocation inside OpenSSL.
inline void check(int ok) {
    if (ok != 1) throw std::bad_alloc();
}

/// A context as the headers keep it, which do not name OpenSSL's types.
inline EVP_MD_CTX* as_context(void* pointer) { return static_cast<EVP_MD_CTX*>(pointer); }

}  // namespace reseal::digest
