// SPDX-License-Identifier: BSL-1.0
#include "seal/derived_uuid.hpp"

#include <doctest/doctest.h>

#include "support/chunks.hpp"
#include "support/octets.hpp"
#include "support/plain_sha.hpp"

namespace reseal::derived_uuid_test {
namespace {

std::string derived(const std::string& code, std::uint64_t uuid, std::size_t chunk = 4096) {
    seal::DerivedUuid derived({uuid, 16});
    std::uint64_t at = 0;
    support::apply(chunk, code, [&](std::string_view each) {
        derived.add(at, each);
        at += each.size();
    });
    return derived.finish();
}

}  // namespace

TEST_CASE("a derived UUID is no UUID of version 8, or not the hash otherwise") {
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const std::string code = support::noise(3000, seed),
                          hash = support::plain_sha256(support::poked(code, 100, std::string(16, '\0')));
        const std::string uuid = derived(code, 100);
        REQUIRE(uuid.size() == 16);
        for (std::size_t i = 0; i < 16; ++i) {
            const unsigned mask = i == 6 ? 0x0f : i == 8 ? 0x3f : 0xff, bits = i == 6 || i == 8 ? 0x80 : 0;
            CHECK(static_cast<unsigned char>(uuid[i]) == ((static_cast<unsigned char>(hash[i]) & mask) | bits));
        }
    }
}

TEST_CASE("a derived UUID depends on the one that stands there, or on the chunks") {
    const std::string code = support::noise(3000, 1), other = support::poked(code, 100, std::string(16, 'x'));
    for (const std::size_t chunk : support::chunkings) {
        CHECK(derived(code, 100, chunk) == derived(code, 100));
        CHECK(derived(other, 100, chunk) == derived(code, 100));
    }
    CHECK(derived(support::poked(code, 99, "?"), 100) != derived(code, 100));
    CHECK(derived(support::poked(code, 116, "?"), 100) != derived(code, 100));
}

}  // namespace reseal::derived_uuid_test
