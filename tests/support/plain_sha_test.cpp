// SPDX-License-Identifier: BSL-1.0
#include "support/plain_sha.hpp"

#include <doctest/doctest.h>

#include "support/octets.hpp"

namespace reseal::plain_sha_test {
using namespace support;

TEST_CASE("plain SHA: FIPS 180's examples") {
    const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    const std::string four =
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    CHECK(hex(plain_sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(hex(plain_sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hex(plain_sha1(two_blocks)) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(hex(plain_sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(plain_sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(plain_sha256(two_blocks)) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(plain_sha384("abc")) ==
          "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
    CHECK(hex(plain_sha384(four)) ==
          "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039");
    CHECK(hex(plain_sha512("abc")) ==
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    CHECK(hex(plain_sha512(four)) ==
          "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
          "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909");
    CHECK(hex(plain_sha256(std::string(1'000'000, 'a'))) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("plain SHA: the padding at every length around a block") {
    // Digests of the digests of 0 … 300 bytes, computed once with another implementation.
    const auto chained = [](std::string (*hash)(std::string_view)) {
        std::string all, message;
        for (int i = 0; i <= 300; ++i) {
            all += hash(message);
            message += static_cast<char>(i % 251);
        }
        return hex(hash(all));
    };
    CHECK(chained(plain_sha1) == "6804e4ea9a6a8d4892d67a40ced19afe1455116c");
    CHECK(chained(plain_sha256) == "b90e35153500e9a471591550ee25a954527c6b4448afff95f7949a2ca93300ce");
    CHECK(chained(plain_sha384) ==
          "80e3889f16595105b3522047c1e668b4e51531d98a660101516923ebdb1cf359b8a3bd514465820fa194d12fa7cc37f6");
    CHECK(chained(plain_sha512) ==
          "da20b3b598f77f25e2e2d1941e345bfe16543f32378fbc8447fbb64f038964ce"
          "a0808c9d450e5e83ac095f5656c102b2ff15a8e0501c7553a7afe1e0256b5e09");
}

TEST_CASE("plain SHA: the numbers of a CodeDirectory") {
    CHECK(plain_hash(1, "x") == plain_sha1("x"));
    CHECK(plain_hash(2, "x") == plain_sha256("x"));
    CHECK(plain_hash(3, "x") == plain_sha256("x").substr(0, 20));
    CHECK(plain_hash(4, "x").size() == 48);
    CHECK(plain_hash(5, "x").size() == 64);
    CHECK(plain_hash(0, "x").empty());
    CHECK(plain_hash(99, "x").empty());
}

}  // namespace reseal::plain_sha_test
