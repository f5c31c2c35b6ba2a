// SPDX-License-Identifier: BSL-1.0
// Each library against the other, whatever digest.cpp decides today.
#include <doctest/doctest.h>

#include <string>

#include "config.hpp"
#include "digest/libcrypto.hpp"
#include "digest/sodium.hpp"

namespace reseal::libraries_test {
using digest::Libcrypto;
using digest::Sodium;

TEST_CASE("libcrypto is used where it was found, and for nothing where it was not") {
    for (HashType type : {HashType::sha1, HashType::sha256, HashType::sha384, HashType::sha512})
        CHECK(Libcrypto::has(type) == (RESEAL_LIBCRYPTO != 0));
    CHECK_FALSE(Libcrypto::has(HashType::sha256_truncated));
    CHECK_FALSE(Libcrypto::has(HashType{0}));
    CHECK_FALSE(Sodium::has(HashType::sha1));
    CHECK_FALSE(Sodium::has(HashType::sha384));
}

TEST_CASE("libcrypto and libsodium agree at every length, at once and forked") {
    for (HashType type : {HashType::sha256, HashType::sha512}) {
        if (!Libcrypto::has(type)) continue;
        CAPTURE(name(type));
        Libcrypto one(type);
        Sodium other(type);
        std::string message;
        for (int i = 0; i <= 300; ++i) {
            Libcrypto fork_of_one = one;
            Sodium fork_of_other = other;
            const auto expected = Sodium::digest(type, message);
            if (Libcrypto::digest(type, message) != expected) FAIL("at once, length " << i);
            if (fork_of_one.finish() != expected || fork_of_other.finish() != expected) FAIL("forked, length " << i);
            const char next = static_cast<char>(i * 7 + 1);
            one.update({&next, 1});
            other.update({&next, 1});
            message += next;
        }
        CHECK(message.size() == 301);
    }
}

}  // namespace reseal::libraries_test
