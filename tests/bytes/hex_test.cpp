// SPDX-License-Identifier: BSL-1.0
#include "bytes/hex.hpp"

#include <doctest/doctest.h>

namespace reseal::hex_test {

TEST_CASE("a byte comes out as other digits, or does not come back") {
    for (int i = 0; i < 256; ++i) {
        const char byte = static_cast<char>(i);
        const std::string digits = to_hex({&byte, 1});
        REQUIRE(digits.size() == 2);
        CHECK(std::stoi(digits, nullptr, 16) == i);
        CHECK(digits.find_first_not_of("0123456789abcdef") == digits.npos);
        CHECK(from_hex(digits) == std::string(1, byte));
    }
    CHECK(to_hex("") == "");
    CHECK(to_hex(std::string_view("\0\xff\x10", 3)) == "00ff10");
    CHECK(from_hex("00Ff1a") == std::string("\0\xff\x1a", 3));
    CHECK(from_hex("") == "");
}

TEST_CASE("what is no pair of digits is taken for one") {
    for (const char* text : {"0", "000", "g0", "0g", "0x", " 0", "-1", "+1", "/0", "0:", "@0", "G0", "`0"}) {
        CAPTURE(text);
        CHECK_FALSE(from_hex(text));
    }
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        CHECK((hex_value(c) >= 0) == digit);
    }
}

}  // namespace reseal::hex_test
