// SPDX-License-Identifier: BSL-1.0
#include "seal/section_hasher.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::section_hasher_test {
using seal::SectionHasher;

TEST_CASE("the old hash of a section goes on beside the new one from the first edit on") {
    std::string before = "....<plist>/old/path and /old/path</plist>....", after = before;
    after.replace(after.find("/old"), 4, "/new");
    std::string_view section = std::string_view(before).substr(4, before.size() - 8);
    for (std::size_t step : {1u, 2u, 5u, 100u}) {
        SectionHasher hasher({4, section.size()});
        for (std::size_t at = 0; at < before.size(); at += step)
            hasher.add(at, {std::string_view(after).substr(at, step), std::string_view(before).substr(at, step)});
        CHECK(hasher.touched());
        for (HashType type : {HashType::sha256, HashType::sha256_truncated}) {
            auto digests = hasher.digests(type);
            REQUIRE(digests);
            CHECK(digests->before == digest::digest(type, section));
            CHECK(digests->after == digest::digest(type, std::string_view(after).substr(4, section.size())));
        }
    }
}

TEST_CASE("an edit beside the section does not touch it") {
    std::string before = "abcdefgh", after = "Xbcdefgh";
    SectionHasher hasher({1, 4});
    hasher.add(0, {after, before});
    CHECK_FALSE(hasher.touched());
    REQUIRE(hasher.digests(HashType::sha256));
    CHECK(hasher.digests(HashType::sha256)->after == digest::digest(HashType::sha256, "bcde"));
}

TEST_CASE("a section that did not go by whole has no digest") {
    SectionHasher hasher({2, 10});
    hasher.add(0, {"abcdef", "abcdef"});
    CHECK_FALSE(hasher.digests(HashType::sha256));
}

}  // namespace reseal::section_hasher_test
