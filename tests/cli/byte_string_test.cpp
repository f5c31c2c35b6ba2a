// SPDX-License-Identifier: BSL-1.0
#include "cli/byte_string.hpp"

#include <doctest/doctest.h>

#include <string>

using reseal::cli::byte_string;
using reseal::cli::printable;
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
    CHECK(printable("\xff\\é") == "\\xff\\é");
}
