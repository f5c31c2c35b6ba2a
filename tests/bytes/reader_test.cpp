// SPDX-License-Identifier: BSL-1.0
#include "bytes/reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::reader_test {
using namespace bytes;
using namespace std::string_literals;

TEST_CASE("integers come out in the stated byte order") {
    std::string bytes = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"s;
    Reader big(bytes, Order::big);
    CHECK(big.u8() == 0x01);
    CHECK(big.u16() == 0x0203);
    CHECK(big.u32() == 0x04050607);
    CHECK(big.u64() == 0x08090a0b0c0d0e0f);
    CHECK(big.ok());
    Reader little(bytes, Order::little);
    CHECK(little.u8() == 0x01);
    CHECK(little.u16() == 0x0302);
    CHECK(little.u32() == 0x07060504);
    CHECK(little.u64() == 0x0f0e0d0c0b0a0908);
    CHECK(little.ok());
}

TEST_CASE("after a read past the end every read gives zero and the offset stays") {
    Reader reader("abcdef", Order::big);
    reader.skip(4);
    CHECK(reader.u32() == 0);
    CHECK_FALSE(reader.ok());
    CHECK(reader.u8() == 0);  // would fit, but failure sticks
    CHECK(reader.take(1).empty());
    CHECK(reader.offset() == 4);
    CHECK(reader.left() == 0);
    reader.seek(0);
    CHECK_FALSE(reader.ok());
}

TEST_CASE("a length near the top of the range does not wrap around") {
    Reader reader("abcdef", Order::big);
    reader.skip(2);
    CHECK(reader.take(~std::uint64_t{0}).empty());
    CHECK_FALSE(reader.ok());
}

TEST_CASE("the end itself can be sought, one byte further cannot") {
    Reader reader("abc", Order::big);
    reader.seek(3);
    CHECK(reader.ok());
    CHECK(reader.left() == 0);
    reader.seek(4);
    CHECK_FALSE(reader.ok());
}

TEST_CASE("a stored integer loads back, at an odd address too") {
    char bytes[9] = {};
    store<std::uint64_t>(bytes + 1, 0x0102030405060708, Order::big);
    CHECK(bytes[1] == 1);
    CHECK(load<std::uint64_t>(bytes + 1, Order::big) == 0x0102030405060708);
    store<std::uint32_t>(bytes + 3, 0xfade0cc0, Order::little);
    CHECK(load<std::uint32_t>(bytes + 3, Order::little) == 0xfade0cc0);
}

}  // namespace reseal::reader_test
