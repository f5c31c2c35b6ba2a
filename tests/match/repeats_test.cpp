// SPDX-License-Identifier: BSL-1.0
// Rules that repeat themselves: how much of them a text has in common, and that the text is not read again for every place.
#include "match/repeats.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "match/index.hpp"

namespace reseal::repeats_test {
using match::Index;
using match::Match;
using match::Repeats;

namespace {

std::string times(const std::string& unit, std::size_t count) {
    std::string out;
    while (count-- > 0) out += unit;
    return out;
}

Rule rule(std::string from) {
    std::string to(from.size(), '!');
    return {std::move(from), std::move(to)};
}

std::size_t agreement(std::string_view one, std::string_view other) {
    std::size_t i = 0;
    while (i < std::min(one.size(), other.size()) && one[i] == other[i]) ++i;
    return i;
}

// Repetitions of repetitions, each broken off by another byte.
std::vector<Rule> nested() {
    const std::string tens = times("a", 9) + "b", hundreds = times(tens, 9) + "c";
    return {rule(times("a", 100) + "b"), rule(times(tens, 20) + "c"), rule(times(hundreds, 9) + "d"),
            rule(times("ab", 200)),      rule(times("a", 400)),       rule("no repeat")};
}

std::string nested_text() {
    const std::string tens = times("a", 9) + "b", hundreds = times(tens, 9) + "c";
    return times("a", 300) + times(tens, 50) + times(hundreds, 30) + times("ab", 400) + "d" + times("a", 1000);
}

}  // namespace

TEST_CASE("what is remembered of one place is wrong of another") {
    const std::vector<Rule> rules = nested();
    const Repeats repeats(rules);
    const std::string text = nested_text();
    CHECK_FALSE(repeats.repeats(5));
    for (std::uint32_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        REQUIRE(repeats.repeats(i));
        for (const std::size_t step : {1U, 2U, 7U, 10U, 100U}) {
            CAPTURE(step);
            Repeats::Seen seen(repeats);
            for (std::size_t place = 0; place < text.size(); place += step) {
                const std::size_t expected = agreement(rules[i].from, std::string_view(text).substr(place));
                if (repeats.common(i, text, place, seen) != expected) FAIL("at " << place);
                if (repeats.common(i, text, place, seen) != expected) FAIL("again at " << place);
            }
        }
    }
}

TEST_CASE("what is remembered of one text is believed of the next") {
    const std::vector<Rule> rules = {rule(times("a", 100) + "b")};
    const Repeats repeats(rules);
    Repeats::Seen seen(repeats);
    CHECK(repeats.common(0, times("a", 200), 0, seen) == 100);
    seen.forget();
    CHECK(repeats.common(0, times("b", 200), 0, seen) == 0);
}

TEST_CASE("the work of a search grows with the length of a rule") {
    for (const std::size_t length : {100U, 1000U, 10'000U}) {
        CAPTURE(length);
        const std::string tens = times("a", 9) + "b";
        for (const auto& [unit, end] :
             {std::pair<std::string, std::string>{"a", "b"}, {tens, "c"}, {times(tens, 9) + "c", "d"}}) {
            CAPTURE(unit);
            const Index index({rule(times(unit, length / unit.size()) + end), rule("zzzzzzzzz")});
            const std::string text = times(unit, 100'000 / unit.size());
            Repeats::Seen seen = index.nothing_seen();
            CHECK_FALSE(index.find(text, 0, text.size(), seen));
            CHECK(seen.compared() <= text.size());
        }
    }
}

TEST_CASE("a match of another rule makes a search forget what it has seen") {
    // A long rule nearly stands everywhere, a short one does.
    const std::string unit = times("a", 98) + "xy";
    const Index index({rule(times(unit, 50) + "b"), rule("xy")});
    const std::string text = times(unit, 1000);
    Repeats::Seen seen = index.nothing_seen();
    std::size_t found = 0, at = 0;
    while (const std::optional<Match> match = index.find(text, at, text.size(), seen)) {
        at = match->start + 2;
        ++found;
    }
    CHECK(found == 1000);
    CHECK(seen.compared() <= text.size());
}

TEST_CASE("rules that do not begin with themselves again are remembered for nothing") {
    const std::vector<Rule> rules = {rule("/nix/store/" + times("0123456789", 20)), rule(times("a", 60) + "b" + times("a", 60)),
                                     rule(times("a", 64) + "b" + times("a", 64))};
    const Repeats repeats(rules);
    CHECK_FALSE(repeats.repeats(0));
    CHECK_FALSE(repeats.repeats(1));
    CHECK(repeats.repeats(2));
    const std::vector<Rule> plain = {rules[0]};
    CHECK_FALSE(Repeats(plain).repeats(0));
}

}  // namespace reseal::repeats_test
