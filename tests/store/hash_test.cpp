// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/store.hpp>

#include "digest/digest.hpp"
#include "store/base32.hpp"

namespace reseal::hash_test {
using store::Hash;

namespace {

Hash hash(HashType type, std::string_view bytes) { return {type, std::string(digest::digest(type, bytes).bytes())}; }

std::string failure(std::string_view text) {
    try {
        store::parse_hash(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("base 32 is read from the wrong end, or with the wrong letters") {
    CHECK(store::base32("") == "");
    CHECK(store::base32(std::string(20, '\0')) == std::string(32, '0'));
    CHECK(store::base32(std::string(20, '\xff')) == std::string(32, 'z'));
    CHECK(store::base32(std::string_view("\x01\0\0\0\0", 5)) == "00000001");
    CHECK(store::base32("\x1f") == "0z");
    // The published SHA-256 of "abc" in both notations.
    CHECK(hash(HashType::sha256, "abc").nix32() == "sha256:1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s");
}

TEST_CASE("base 32 does not survive the way there and back") {
    std::string bytes;
    for (int size = 0; size < 70; ++size) {
        CHECK(store::parse_base32(store::base32(bytes), bytes.size()) == bytes);
        bytes += static_cast<char>(size * 37 + 11);
    }
}

TEST_CASE("base 32 with bits beyond the last byte, of another size or with other characters is taken") {
    CHECK(store::parse_base32("0z", 1) == "\x1f");
    CHECK(store::parse_base32("zz", 1) == std::nullopt);
    CHECK(store::parse_base32("0", 1) == std::nullopt);
    CHECK(store::parse_base32("00z", 1) == std::nullopt);
    for (const char* wrong : {"0e", "0o", "0u", "0t", "0Z", "0-"}) CHECK(store::parse_base32(wrong, 1) == std::nullopt);
}

TEST_CASE("a hash is not read in the notation it was written in") {
    for (const HashType type : {HashType::sha1, HashType::sha256, HashType::sha512}) {
        if (!digest::available(type)) continue;
        const Hash one = hash(type, "abc");
        CHECK(store::parse_hash(one.sri()) == one);
        CHECK(store::parse_hash(one.nix32()) == one);
        CHECK(store::parse_hash(std::string(name(type)) + ":" + one.hex()) == one);
    }
    CHECK(hash(HashType::sha256, "").sri() == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST_CASE("what is no hash is taken for one") {
    const std::string hex(64, 'a');
    for (const std::string& wrong : {std::string(), std::string("sha256"), std::string("sha256:"), "md5:" + hex,
                                     "sha256:" + hex.substr(1), "sha256-" + hex, "sha256:" + std::string(52, 'e'),
                                     "sha1:" + hex, std::string("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"), hex})
        CHECK(failure(wrong).starts_with("not a hash: '" + wrong + "'"));
}

}  // namespace reseal::hash_test
