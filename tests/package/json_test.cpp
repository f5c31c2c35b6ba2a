// SPDX-License-Identifier: BSL-1.0
#include "package/json.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <reseal/error.hpp>

#include "package/json_fields.hpp"
#include "support/effort.hpp"

namespace reseal::json_test {
using package::Json;
using package::json_text;
using package::JsonFields;
using package::parse_json;

namespace {

std::string refusal(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        return error.what();
    }
    return "taken";
}
std::string refusal(const std::string& text) {
    return refusal([&] { parse_json(text, "f"); });
}
std::string repeated(const std::string& text, std::size_t count) {
    std::string out;
    for (; count > 0; --count) out += text;
    return out;
}

}  // namespace

TEST_CASE("a document is built as the library itself would") {
    for (const char* text : {"null", "[]", "{}", "[1,-2,2.5,\"a\",true,[[],{}],{\"b\":[{\"c\":null},3]}]",
                             "{\"z\":1,\"a\":{\"z\":[0],\"b\":\"\"}}", "18446744073709551615", "\"\\u00e9\\ud83d\\ude00\""})
        CHECK(parse_json(text, "") == Json::parse(text));
    CHECK(parse_json("\xef\xbb\xbf[1]", "") == Json::array({1}));
}

TEST_CASE("what is not JSON is told with its line and column") {
    CHECK(refusal("{\n \"é\": x}") == "f: not JSON (line 2, column 7)");
    CHECK(refusal("") == "f: not JSON (line 1, column 1)");
    CHECK(refusal("[1] 2") == "f: not JSON (line 1, column 5)");
    CHECK(refusal("[\"\xff\"]").starts_with("f: not JSON"));
    CHECK(refusal("[\"\\udcff\"]").starts_with("f: not JSON"));
    CHECK(refusal("[1").starts_with("f: not JSON"));
}

TEST_CASE("a document cannot exhaust the stack") {
    CHECK(refusal(repeated("[", 64) + repeated("]", 64)) == "taken");
    CHECK(refusal(repeated("[", 65) + repeated("]", 65)) == "f: nested deeper than 64 levels");
    CHECK(refusal(repeated("{\"a\":", 5'000'000)) == "f: nested deeper than 64 levels");
}

// Eight million values, which cannot be made fewer: half a minute under a sanitizer.
TEST_CASE("a document of a few bytes a value takes many times its size" * doctest::skip(support::sanitized)) {
    std::string text = "[";
    for (std::size_t i = 0; i < package::max_json_values; ++i) text += "0,";
    text.back() = ']';
    CHECK(refusal([&] { parse_json(text, "x.json"); }).find("more than 8388608 values") != std::string::npos);
}

TEST_CASE("a key that is there twice is not silently the last one") {
    CHECK(refusal("{\"a\":1,\"b\":2,\"a\":1}") == "f: the key 'a' is there twice");
    CHECK(refusal("{\"a\\u0000\":1,\"b\":2,\"a\\u0000\":1}") == "f: the key 'a\\x00' is there twice");
    std::string keys = "{\"0\":0";
    for (int i = 1; i < 512; ++i) keys += ",\"" + std::to_string(i) + "\":0";
    CHECK(refusal(keys + "}") == "taken");
    CHECK(refusal(keys + ",\"x\":0}") == "f: more than 512 keys in one object");
}

TEST_CASE("JSON is written as conda writes it, whatever the order of its keys") {
    const std::string text = json_text(parse_json("{\"b\":[],\"a\":{\"d\":[1,\"é\"],\"c\":{}}}", ""), "");
    CHECK(text == "{\n  \"a\": {\n    \"c\": {},\n    \"d\": [\n      1,\n      \"\\u00e9\"\n    ]\n  },\n  \"b\": []\n}\n");
    CHECK(json_text(parse_json(text, ""), "") == text);
    CHECK(refusal([] { json_text(Json::array({"\xff"}), "f"); }) == "f: a name in it is not UTF-8");
}

TEST_CASE("a field of a wrong type is named") {
    const Json json = parse_json("{\"t\":1,\"n\":-1,\"f\":1.0,\"h\":\"00\",\"l\":[1],\"z\":null,\"rest\":[2]}", "");
    JsonFields fields(json, "f", "a[3]");
    CHECK(refusal([&] { fields.text("t"); }) == "f: a[3].t: not a string");
    CHECK(refusal([&] { fields.size("n"); }) == "f: a[3].n: not a number of bytes");
    CHECK(refusal([&] { fields.needed_size("f"); }) == "f: a[3].f: not a number of bytes");
    CHECK(refusal([&] { fields.needed_size("none"); }) == "f: a[3].none: not a number of bytes");
    CHECK(refusal([&] { fields.sha256("h"); }) == "f: a[3].h: not a SHA-256 digest of 64 hexadecimal digits");
    CHECK(refusal([&] { fields.texts("l"); }) == "f: a[3].l: not a list of strings");
    CHECK(refusal([&] { fields.needed("z"); }) == "f: a[3].z: is missing");
    CHECK(fields.text("z") == std::nullopt);
    CHECK(fields.rest() == parse_json("{\"rest\":[2]}", ""));
    CHECK(refusal([&] { fields.done(); }) == "f: a[3]: there is no field 'rest' here");
    CHECK(refusal([&] { JsonFields(json.at("l"), "f", "l"); }) == "f: l: not an object");
}

}  // namespace reseal::json_test
