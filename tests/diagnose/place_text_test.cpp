// SPDX-License-Identifier: BSL-1.0
// Which of a page's strings a person is shown.
#include "diagnose/place_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::place_text_test {
using namespace diagnose;

namespace {

std::string with(std::string bytes, std::size_t at, const std::string& text) { return bytes.replace(at, text.size(), text); }

std::string shown(const std::string& bytes, std::size_t at) {
    return std::string(find_place_text(bytes, at, 0, bytes.size()).text);
}

}  // namespace

TEST_CASE("the string that holds the byte, from its first character") {
    const std::string bytes = with(std::string(100, '\0'), 40, "/nix/store/tool");
    for (std::size_t at = 40; at < 55; ++at) {
        CHECK(shown(bytes, at) == "/nix/store/tool");
        CHECK(find_place_text(bytes, at, 0, 100).at == 40);
    }
}

TEST_CASE("elsewhere the first path, else the first longer string") {
    std::string bytes = with(std::string(200, '\0'), 20, "only words");
    CHECK(shown(bytes, 0) == "only words");
    bytes = with(bytes, 60, "/usr/lib/libx");
    CHECK(shown(bytes, 0) == "/usr/lib/libx");
    CHECK(shown(bytes, 199) == "/usr/lib/libx");
}

TEST_CASE("short runs and those without an end are noise of the code") {
    CHECK(shown(with(std::string(50, '\x01'), 10, "no string without a NUL"), 0).empty());
    CHECK(shown(with(std::string(50, '\0'), 10, "short"), 0).empty());
    CHECK(shown(with(std::string(50, '\0'), 47, "abc"), 48).empty());
    CHECK(shown("", 0).empty());
}

TEST_CASE("only strings that begin in the page are looked for, but the byte's own may begin before it") {
    const std::string bytes = with(with(std::string(100, '\0'), 5, "/before/it"), 80, "/behind/it");
    CHECK(find_place_text(bytes, 40, 30, 60).text.empty());
    CHECK(find_place_text(bytes, 10, 10, 60).text == "/before/it");
}

TEST_CASE("a long string is shown around the byte") {
    std::string bytes(2000, 'x');
    bytes[1000] = '!';
    for (std::size_t at : {0u, 10u, 1000u, 1999u}) {
        const PlaceText found = find_place_text(bytes, at, 0, bytes.size());
        CHECK(found.text.size() == max_place_text);
        CHECK(found.at <= at);
        CHECK(at < found.at + max_place_text);
    }
}

}  // namespace reseal::place_text_test
