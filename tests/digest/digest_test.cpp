// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <array>
#include <initializer_list>
#include <reseal/error.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "digest/digest.hpp"

namespace reseal::digest_test {
using digest::Digest;
using digest::Hasher;

namespace {

const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
const std::string million(1'000'000, 'a');

struct Vector {
    HashType type;
    const std::string& message;
    const char* hex;
};
const std::string empty;
const std::string abc = "abc";

// FIPS 180's examples, and those of the empty message (RFC 3174, RFC 6234's test programs).
const Vector vectors[] = {
    {HashType::sha1, empty, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {HashType::sha1, abc, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {HashType::sha1, two_blocks, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    {HashType::sha1, million, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
    {HashType::sha256, empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {HashType::sha256, abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {HashType::sha256, two_blocks, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {HashType::sha256, million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {HashType::sha256_truncated, empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4"},
    {HashType::sha256_truncated, abc, "ba7816bf8f01cfea414140de5dae2223b00361a3"},
    {HashType::sha384, empty,
     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b"},
    {HashType::sha384, abc, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
    {HashType::sha384, million,
     "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985"},
    {HashType::sha512, empty,
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
    {HashType::sha512, abc,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {HashType::sha512, million,
     "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
     "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"},
};

const HashType all[] = {HashType::sha1, HashType::sha256, HashType::sha256_truncated, HashType::sha384, HashType::sha512};

std::vector<HashType> available_types() {
    std::vector<HashType> out;
    for (HashType type : all)
        if (digest::available(type)) out.push_back(type);
    return out;
}

// Every byte value, no period that divides a block.
std::string pattern(std::size_t length) {
    std::string out(length, '\0');
    for (std::size_t i = 0; i < length; ++i) out[i] = static_cast<char>(i % 251);
    return out;
}

}  // namespace

TEST_CASE("published vectors, at once and in a Hasher") {
    for (const Vector& v : vectors) {
        if (!digest::available(v.type)) continue;
        CAPTURE(name(v.type));
        CAPTURE(v.message.size());
        CHECK(digest::digest(v.type, v.message).hex() == v.hex);
        Hasher hasher(v.type);
        hasher.update(v.message);
        CHECK(hasher.finish().hex() == v.hex);
    }
}

TEST_CASE("SHA-256, its truncation and SHA-512 are there in every build") {
    CHECK(digest::available(HashType::sha256));
    CHECK(digest::available(HashType::sha256_truncated));
    CHECK(digest::available(HashType::sha512));
}

TEST_CASE("a hash this build cannot compute is misuse, not a wrong digest") {
    for (HashType type : {HashType::sha1, HashType::sha384, HashType{0}, HashType{6}, HashType{99}}) {
        if (digest::available(type)) continue;
        CAPTURE(static_cast<int>(type));
        CHECK_THROWS_AS(digest::digest(type, "x"), Error);
        CHECK_THROWS_AS(Hasher{type}, Error);
    }
    CHECK_FALSE(digest::available(HashType{0}));
    CHECK_FALSE(digest::available(HashType{99}));
}

TEST_CASE("sizes and names of every type") {
    const std::size_t sizes[] = {20, 32, 20, 48, 64};
    const char* names[] = {"sha1", "sha256", "sha256-truncated", "sha384", "sha512"};
    for (std::size_t i = 0; i < std::size(all); ++i) {
        CHECK(digest_size(all[i]) == sizes[i]);
        CHECK(name(all[i]) == names[i]);
        if (digest::available(all[i])) CHECK(digest::digest(all[i], "").bytes().size() == sizes[i]);
    }
    CHECK(digest_size(HashType{0}) == 0);
    CHECK(digest_size(HashType{99}) == 0);
}

TEST_CASE("the pieces of a message give the digest of the whole, at every length around the block sizes") {
    for (HashType type : available_types()) {
        CAPTURE(name(type));
        for (std::size_t length = 0; length <= 300; ++length) {
            const std::string message = pattern(length);
            const Digest whole = digest::digest(type, message);
            for (std::size_t piece : {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{127}, std::size_t{128}}) {
                Hasher hasher(type);
                for (std::size_t at = 0; at < length; at += piece) hasher.update(std::string_view(message).substr(at, piece));
                if (hasher.finish() != whole) FAIL("length " << length << " in pieces of " << piece);
            }
        }
    }
}

TEST_CASE("a copy of a running hash goes on by itself, and so does the original") {
    for (HashType type : available_types()) {
        CAPTURE(name(type));
        Hasher old_bytes(type);
        old_bytes.update(pattern(100));
        Hasher new_bytes = old_bytes;
        old_bytes.update("old");
        new_bytes.update("new!");
        Hasher assigned(type);
        assigned.update("thrown away");
        assigned = old_bytes;
        CHECK(old_bytes.finish() == digest::digest(type, pattern(100) + "old"));
        CHECK(new_bytes.finish() == digest::digest(type, pattern(100) + "new!"));
        assigned.update("er");
        CHECK(assigned.finish() == digest::digest(type, pattern(100) + "older"));
    }
}

TEST_CASE("a hasher that is done says so instead of giving a digest of something") {
    Hasher hasher(HashType::sha256);
    hasher.finish();
    CHECK_THROWS_AS(hasher.update("x"), Error);
    CHECK_THROWS_AS(hasher.finish(), Error);
    hasher = Hasher(HashType::sha256);
    hasher.update("abc");
    CHECK(hasher.finish() == digest::digest(HashType::sha256, "abc"));
}

TEST_CASE("digests in several threads and of several types by turns do not disturb each other") {
    std::vector<std::vector<Digest>> results(4);
    std::vector<std::thread> threads;
    for (std::vector<Digest>& mine : results) {
        threads.emplace_back([&mine] {
            for (std::size_t i = 0; i < 300; ++i)
                for (HashType type : available_types()) mine.push_back(digest::digest(type, pattern(i)));
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(results[0].size() == 300 * available_types().size());
    for (const auto& result : results) CHECK(result == results[0]);
    std::size_t at = 0;
    for (std::size_t i = 0; i < 300; ++i)
        for (HashType type : available_types()) {
            Hasher hasher(type);
            hasher.update(pattern(i));
            CHECK(hasher.finish() == results[0][at++]);
        }
}

TEST_CASE("Digest: equality looks at the size, prefix and hex at the bytes") {
    const Digest value(std::string_view("\x00\xff\x1a\xb0", 4));
    CHECK(value.hex() == "00ff1ab0");
    CHECK(value.prefix(2).hex() == "00ff");
    CHECK(value.prefix(99) == value);
    CHECK_FALSE(Digest(std::string_view("\0", 1)) == Digest(std::string_view("\0\0", 2)));
    CHECK(Digest() == Digest(""));
    CHECK_THROWS_AS(Digest(std::string(65, 'x')), Error);
}

}  // namespace reseal::digest_test
