// SPDX-License-Identifier: BSL-1.0
#include "match/filter.hpp"

#include <doctest/doctest.h>

#include "support/random.hpp"

namespace reseal::filter_test {
using match::Filter;

TEST_CASE("a filter never forgets a key, however full it is") {
    for (std::size_t count : {1u, 100u, 10'000u, 1'000'000u}) {
        CAPTURE(count);
        Filter filter(count);
        support::Random random(count);
        for (std::size_t i = 0; i < count; ++i) filter.insert(random.next());
        random = support::Random(count);
        std::size_t forgotten = 0;
        for (std::size_t i = 0; i < count; ++i) forgotten += !filter.may_hold(random.next());
        CHECK(forgotten == 0);
    }
}

TEST_CASE("a filter turns most strangers away, those that differ in one byte included") {
    Filter filter(10'000);
    support::Random random(1);
    for (std::size_t i = 0; i < 10'000; ++i) filter.insert(random.next());
    std::size_t held = 0;
    for (std::size_t i = 0; i < 100'000; ++i) held += filter.may_hold(random.next());
    CHECK(held < 100'000 / 16);
    random = support::Random(1);
    held = 0;
    for (std::size_t i = 0; i < 10'000; ++i) {
        const std::uint64_t key = random.next();
        for (int byte = 0; byte < 8; ++byte) held += filter.may_hold(key ^ std::uint64_t{1} << 8 * byte);
    }
    CHECK(held < 80'000 / 16);
}

}  // namespace reseal::filter_test
