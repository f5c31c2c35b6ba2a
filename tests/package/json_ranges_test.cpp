// SPDX-License-Identifier: BSL-1.0
#include "package/json_ranges.hpp"

#include <doctest/doctest.h>

#include <random>

#include "package/json.hpp"

namespace reseal::json_ranges_test {
using namespace package;

namespace {

std::string_view part(std::string_view text, JsonRange range) { return text.substr(range.begin, range.end - range.begin); }

/// The ranges of all values of a text, against what the library makes of it.
void compare(std::string_view text, JsonRange range, const Json& value) {
    CHECK(Json::parse(part(text, range)) == value);
    const std::vector<JsonMember> members = json_members(text, range);
    const std::vector<JsonRange> elements = json_elements(text, range);
    REQUIRE(members.size() == (value.is_object() ? value.size() : 0));
    REQUIRE(elements.size() == (value.is_array() ? value.size() : 0));
    for (const JsonMember& each : members) {
        REQUIRE(value.contains(each.key));
        compare(text, each.value, value[each.key]);
    }
    for (std::size_t i = 0; i < elements.size(); ++i) compare(text, elements[i], value[i]);
}

void compare(const std::string& text) { compare(text, json_document(text), parse_json(text, "f")); }

class Documents {
public:
    Json value(unsigned depth) {
        switch (below(depth > 0 ? 7 : 5)) {
            case 0: return nullptr;
            case 1: return below(2) == 0;
            case 2: return std::int64_t{below(1000)} - 500;
            case 3: return 1e300 / (1.0 + below(1000));
            case 4: return text();
            case 5: {
                Json list = Json::array();
                for (unsigned left = below(5); left > 0; --left) list.push_back(value(depth - 1));
                return list;
            }
            default: {
                Json object = Json::object();
                for (unsigned left = below(5); left > 0; --left) object[text()] = value(depth - 1);
                return object;
            }
        }
    }

private:
    unsigned below(std::size_t count) { return static_cast<unsigned>(random_() % count); }
    std::string text() {
        const char* const parts[] = {"",  "\"", "\\", "\\\"", "{", "}",        "[",    "]",
                                     ",", ":",  " ",  "\n",   "a", "\xc3\xa9", "\x01", "/"};
        std::string out;
        for (unsigned left = below(6); left > 0; --left) out += parts[below(std::size(parts))];
        return out;
    }

    std::mt19937 random_{5};
};

}  // namespace

TEST_CASE("a bracket, a comma, a quote or a backslash in a string ends it, or the value around it") {
    Documents documents;
    for (int i = 0; i < 300; ++i) {
        const Json json = documents.value(4);
        for (const int indent : {-1, 0, 3}) compare(json.dump(indent, ' ', i % 2 == 0));
    }
}

TEST_CASE("white space or a byte order mark moves what is found") {
    const std::string text =
        "\xef\xbb\xbf \t\r\n{ \"a\" :\t1 ,\r\n\"b\"\n:\n[ 2 , { } ,[ ]\t] , \"c\":{\"d\" : \"e f\" }\n} \n";
    const JsonRange all = json_document(text);
    CHECK(part(text, all).starts_with("{ \"a\""));
    CHECK(part(text, all).ends_with("\n}"));
    const std::vector<JsonMember> members = json_members(text, all);
    REQUIRE(members.size() == 3);
    CHECK(part(text, members[0].value) == "1");
    CHECK(part(text, members[1].value) == "[ 2 , { } ,[ ]\t]");
    CHECK(part(text, members[2].value) == "{\"d\" : \"e f\" }");
    const std::vector<JsonRange> elements = json_elements(text, members[1].value);
    REQUIRE(elements.size() == 3);
    CHECK(part(text, elements[0]) == "2");
    CHECK(part(text, elements[1]) == "{ }");
    CHECK(part(text, elements[2]) == "[ ]");
}

TEST_CASE("a key with escapes is another key, and one that begins alike is found") {
    const std::string text = R"({"s\u0068a256_in_prefix":"x","\"\\":2,"a":1,"ab":3,"":4})";
    const std::vector<JsonMember> members = json_members(text, json_document(text));
    const auto found = [&](std::string_view key) {
        const JsonRange* range = value_of(members, key);
        return range == nullptr ? std::string() : std::string(part(text, *range));
    };
    CHECK(found("sha256_in_prefix") == "\"x\"");
    CHECK(found("\"\\") == "2");
    CHECK(found("a") == "1");
    CHECK(found("ab") == "3");
    CHECK(found("") == "4");
    CHECK(value_of(members, "abc") == nullptr);
}

TEST_CASE("what is no object has members, or what is no list has elements") {
    for (const std::string text : {"1", "\"{\"", "null", "[]", "[{\"a\":1}]"})
        CHECK(json_members(text, json_document(text)).empty());
    for (const std::string text : {"1", "\"[\"", "null", "{}", "{\"a\":[1]}"})
        CHECK(json_elements(text, json_document(text)).empty());
}

TEST_CASE("a value at the end of the text or before a bracket takes that along") {
    for (const char* text : {"1", "-2.5e3", "true", "\"x\"", "[1,2.0]", "{\"a\":null}", "[[[]]]", "[{\"a\":{\"b\":[0]}}]"})
        compare(text);
}

}  // namespace reseal::json_ranges_test
