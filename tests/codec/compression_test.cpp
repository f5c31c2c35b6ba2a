// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include "codec/compression.hpp"

namespace reseal::compression_test {
using namespace codec;
using namespace std::string_view_literals;

TEST_CASE("a compressed stream is not known by its first bytes, or something else is taken for one") {
    CHECK(detect("\x1f\x8b\x08\0\0\0\0\0\0\xff"sv) == Compression::gzip);
    CHECK(detect("BZh91AY&SY"sv) == Compression::bzip2);
    CHECK(detect("BZh1\x17\x72\x45\x38\x50\x90"sv) == Compression::bzip2);
    CHECK(detect("\xfd\x37zXZ\0\0\x04\xe6\xd6"sv) == Compression::xz);
    CHECK(detect("\x28\xb5\x2f\xfd\x04"sv) == Compression::zstd);
    CHECK(detect("\x5a\x2a\x4d\x18\0\0\0\0"sv) == Compression::zstd);
    for (std::string_view other :
         {""sv, "\x1f\x8b"sv, "\x1f\x8b\x07 a pack of old"sv, "BZh9 is no block"sv, "BZh01AY&SY"sv, "BZh91AY&S"sv,
          "\xfd\x37zXZ"sv, "\x28\xb5\x2f"sv, "\x4f\x2a\x4d\x18"sv, "\xcf\xfa\xed\xfe plain"sv})
        CHECK(detect(other) == Compression::none);
}

TEST_CASE("a choice with a level that its format does not have is taken") {
    CHECK(parse_choice("none")->compression == Compression::none);
    CHECK(parse_choice("gzip")->level == 6);
    CHECK(parse_choice("bzip2")->level == 9);
    CHECK(parse_choice("xz:0")->level == 0);
    CHECK(parse_choice("zstd:19")->level == 19);
    CHECK(parse_choice("zstd:19")->compression == Compression::zstd);
    for (const char* wrong : {"", "same", "gz", "gzip:", "gzip:0", "gzip:10", "bzip2:0", "xz:10", "zstd:23", "zstd:-1",
                              "zstd:+1", "zstd:3x", "none:0", "gzip:6:6"})
        CHECK_FALSE(parse_choice(wrong));
}

}  // namespace reseal::compression_test
