// SPDX-License-Identifier: BSL-1.0
#include "match/whole.hpp"

#include <doctest/doctest.h>

#include "match/index.hpp"
#include "support/substitute.hpp"

namespace reseal::whole_test {
using match::Repeats;

TEST_CASE("each match in a link's target makes the search forget what it has seen") {
    // A long rule nearly stands everywhere, a short one does.
    const std::string unit = std::string(98, 'a') + "xy";
    std::string text = "in front", almost;
    for (int i = 0; i < 1000; ++i) text += unit;
    for (int i = 0; i < 500; ++i) almost += unit;
    const Rules rules({{almost + "b", almost + "c"}, {"xy", "XY"}});
    Repeats::Seen seen = rules.index().nothing_seen();
    for (const std::size_t from : {0u, 8u}) {
        CAPTURE(from);
        const std::uint64_t compared = seen.compared();
        std::string out = text;
        CHECK(match::substitute(rules, out, from, out.size() - from, seen).size() == 1000);
        CHECK((out == support::substitute({{"xy", "XY"}}, text).bytes));
        CHECK(seen.compared() - compared <= text.size());
    }
}

}  // namespace reseal::whole_test
