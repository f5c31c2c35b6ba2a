// SPDX-License-Identifier: BSL-1.0
#include "bytes/difference.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace reseal::difference_test {
namespace {

std::vector<std::pair<std::size_t, std::size_t>> all(const std::string& one, const std::string& other) {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (Difference at = next_difference(one, other, 0); !at.empty(); at = next_difference(one, other, at.to))
        out.emplace_back(at.from, at.to);
    return out;
}

}  // namespace

TEST_CASE("a byte that differs lies in no stretch, a stretch begins or ends with one that is equal, or two lie too close") {
    for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 255u, 256u, 257u, 700u})
        for (const std::size_t step : {1u, 2u, 63u, 64u, 65u, 66u, 130u, 256u, 300u}) {
            const std::string one(size, 'a');
            std::string other = one;
            for (std::size_t at = step / 3; at < size; at += step) other[at] = 'b';
            std::string made = one;
            std::size_t last = 0;
            for (const auto& [from, to] : all(one, other)) {
                REQUIRE((from < to && to <= size));
                CHECK((made[from] != other[from] && made[to - 1] != other[to - 1]));
                CHECK((last == 0 || from - last >= 64));
                made.replace(from, to - from, other, from, to - from);
                last = to;
            }
            CHECK(made == other);
        }
}

TEST_CASE("equal texts differ, or what lies before the place that was asked for counts") {
    CHECK(next_difference("", "", 0).empty());
    CHECK(next_difference("same", "same", 0).empty());
    CHECK(next_difference("same", "same", 4).empty());
    CHECK(next_difference("Xame", "same", 1).empty());
    CHECK(all(std::string(1000, 'a') + "x", std::string(1000, 'a') + "y") ==
          std::vector<std::pair<std::size_t, std::size_t>>{{1000, 1001}});
}

}  // namespace reseal::difference_test
