// SPDX-License-Identifier: BSL-1.0
#include "match/window.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace reseal::window_test {
using match::choose_window;
using match::Window;

namespace {

std::vector<Rule> rules_of(std::size_t count, const std::string& front, std::size_t length, const std::string& back) {
    std::mt19937 chance(1);
    std::vector<Rule> rules;
    for (std::size_t i = 0; i < count; ++i) {
        std::string from(length, '\0');
        for (char& c : from) c = static_cast<char>('a' + chance() % 26);
        from.insert(0, front).append(back);
        rules.push_back({from, from});
    }
    return rules;
}

}  // namespace

TEST_CASE("the window lies inside the shortest rule, whatever the lengths") {
    for (std::size_t length : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 15u, 16u, 17u, 32u, 71u, 72u, 100u, 1000u, 100000u}) {
        for (std::size_t count : {1u, 2u, 9u}) {
            CAPTURE(length);
            CAPTURE(count);
            auto rules = rules_of(count, "", length, "");
            rules.push_back({std::string(length + 5, 'x'), std::string(length + 5, 'x')});
            Window window = choose_window(rules);
            CHECK(window.gram >= 1);
            CHECK(window.gram <= window.length);
            CHECK(window.length <= length);
            CHECK(window.offset <= length - window.length);
        }
    }
}

TEST_CASE("grams that all rules share are left out when enough is left") {
    Window window = choose_window(rules_of(100, "/nix/store/", 32, ""));
    CHECK(window.offset >= 4);  // grams of which half a dozen bytes are common are rare enough
    CHECK(window.offset + window.length == 43);
    window = choose_window(rules_of(100, "/nix/store/", 32, "-python3.11-setuptools-wheel-bootstrap"));
    CHECK(window.offset >= 4);
    CHECK(window.offset + window.length <= 43 + 7);
    CHECK(window.length >= 32);
}

TEST_CASE("one rule is looked for as a whole, up to the longest stride") {
    Window window = choose_window(rules_of(1, "/nix/store/", 32, ""));
    CHECK(window.offset == 0);
    CHECK(window.length == 43);
    CHECK(choose_window(rules_of(1, "", 1000, "")).stride() == 64);
}

}  // namespace reseal::window_test
