// SPDX-License-Identifier: BSL-1.0
#include "bytes/byte_string.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::byte_string_test {
using namespace std::string_literals;

TEST_CASE("a byte string keeps UTF-8 and escapes the rest") {
    CHECK(byte_string("plain/path") == "plain/path");
    CHECK(byte_string("é € 😀") == "é € 😀");
    CHECK(byte_string("a\\b") == "a\\\\b");
    CHECK(byte_string("\xff\xfe") == "\\xff\\xfe");
    CHECK(byte_string("\xc3") == "\\xc3");           // cut short
    CHECK(byte_string("\xe2\x82") == "\\xe2\\x82");  // cut short
    CHECK(byte_string("\xc3(") == "\\xc3(");         // no continuation
    CHECK(byte_string("a\0b"s) == "a\0b"s);
    CHECK(byte_string("") == "");
}

TEST_CASE("what only looks like UTF-8 is escaped") {
    CHECK(byte_string("\xc0\xaf") == "\\xc0\\xaf");                    // overlong /
    CHECK(byte_string("\xc1\x81") == "\\xc1\\x81");                    // overlong A
    CHECK(byte_string("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong
    CHECK(byte_string("\xf0\x8f\xbf\xbf") == "\\xf0\\x8f\\xbf\\xbf");  // overlong
    CHECK(byte_string("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // surrogate
    CHECK(byte_string("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // behind U+10FFFF
    CHECK(byte_string("\xf5\x80\x80\x80") == "\\xf5\\x80\\x80\\x80");
    CHECK(byte_string("\x80") == "\\x80");
    CHECK(byte_string("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf") ==
          "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");  // their edges
}

TEST_CASE("a name cannot speak to the terminal") {
    CHECK(printable("a\x1b[31mb\n") == "a\\x1b[31mb\\x0a");
    CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");  // CSI in UTF-8
    CHECK(printable("\x7f") == "\\x7f");
    CHECK(printable("gpj\u202eexe") == "gpj\\xe2\\x80\\xaeexe");
    for (const char* turned : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u2066", "\u2069"})
        CHECK(printable(turned) != turned);
    for (const char* plain : {"\u00a0", "\u05d0", "\u200d", "\u2010", "\u202f", "\u2065"}) CHECK(printable(plain) == plain);
    CHECK(printable("\xff\\é") == "\\xff\\é");
}

TEST_CASE("bytes come back from a byte string as they were") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    for (const std::string& bytes : {all, "\\x41\\"s, "\xed\xa0\x80"s, "\xc3\\\xa9"s, "é"s, ""s})
        CHECK(bytes_of(byte_string(bytes)) == bytes);
}

TEST_CASE("bytes are taken from nothing that a byte string would not say") {
    for (const char* text :
         {"\\", "a\\", "\\x", "\\xf", "\\xfg", "\\xFF", "\\n", "\\u0041", "\\x41", "\\x5c", "\\xc3\\xa9", "\xff"})
        CHECK_MESSAGE(!bytes_of(text), text);
}

}  // namespace reseal::byte_string_test
