// SPDX-License-Identifier: BSL-1.0
#include "bytes/plist_json.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace reseal::plist_json_test {
using plist::json;
using plist::Value;

TEST_CASE("a kind of value is written as another") {
    CHECK(json({true}) == "true");
    CHECK(json({false}) == "false");
    CHECK(json({std::int64_t{-42}}) == "-42");
    CHECK(json({1.5}) == "1.5");
    CHECK(json({std::string("text")}) == "\"text\"");
    CHECK(json({plist::Data{std::string("\x0a\xff", 2)}}) == "\"<0aff>\"");
    CHECK(json({plist::Date{1622548800}}) == "\"2021-06-01T12:00:00Z\"");
    CHECK(json({plist::Array{}}) == "[]");
    CHECK(json({plist::Dict{}}) == "{}");
    const Value dict{plist::Dict{{{"b", {plist::Array{{true}, {std::string("x")}}}}, {"a", {plist::Dict{}}}}}};
    CHECK(json(dict) == "{\"b\": [true, \"x\"], \"a\": {}}");
}

TEST_CASE("a number that JSON has not is written as one") {
    CHECK(json({std::numeric_limits<double>::infinity()}) == "\"inf\"");
    CHECK(json({-std::numeric_limits<double>::infinity()}) == "\"-inf\"");
    CHECK(json({std::numeric_limits<double>::quiet_NaN()}).front() == '"');
}

TEST_CASE("a string breaks out of its quotes, or is no UTF-8, or speaks to a terminal") {
    CHECK(json({std::string("\"\\/")}) == "\"\\\"\\\\/\"");
    CHECK(json({std::string("\x1b[\n\0", 4)}) == "\"\\u001b[\\u000a\\u0000\"");
    CHECK(json({std::string("\x7f\xc2\x9b")}) == "\"\\u007f\\u009b\"");
    CHECK(json({std::string("\xff\xc3\xa4")}) == "\"\xef\xbf\xbd\xc3\xa4\"");
    CHECK(json({plist::Dict{{{"\x1b\"", {true}}}}}) == "{\"\\u001b\\\"\": true}");
}

}  // namespace reseal::plist_json_test
