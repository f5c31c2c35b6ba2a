// SPDX-License-Identifier: BSL-1.0
#include <reseal/prefixes.hpp>

#include <doctest/doctest.h>
#include <reseal/error.hpp>
#include <string>

#include "relocate/prefix_index.hpp"

namespace reseal::prefixes_test {
using relocate::encode;
using relocate::Encoding;
using namespace std::string_literals;

TEST_CASE("a new prefix that is not normal would end in two slashes before what follows") {
    CHECK(normal_prefix("//opt///env/") == "/opt/env");
    CHECK(normal_prefix("/") == "/");
    CHECK(normal_prefix("///") == "/");
    CHECK(normal_prefix("a//b/") == "a//b/");
    CHECK(Prefixes({{"/old", "/new//"}}, {}).pairs() == std::vector<PrefixPair>{{"/old", "/new"}});
}

TEST_CASE("prefixes that mean nothing are refused when they are given, not when they are found") {
    auto fails = [](std::vector<PrefixPair> pairs) { CHECK_THROWS_AS(Prefixes(std::move(pairs), {}), Error); };
    fails({{"", "/new"}});
    fails({{"/old", "/a"}, {"/old", "/b"}});
    fails({{"/o\0d"s, "/new"}});
    fails({{"/old", "/n\0w"s}});
    fails({{std::string(Prefixes::max_length + 1, 'a'), "/new"}});
    fails({{"/old", "/" + std::string(Prefixes::max_length, 'a')}});
    fails(std::vector<PrefixPair>(Prefixes::max_count + 1, {"/old", "/new"}));
    CHECK(Prefixes({{std::string(Prefixes::max_length, 'a'), "/new"}}, {}).pairs().size() == 1);
}

TEST_CASE("a pair given twice, also as another spelling of the same target, counts once") {
    CHECK(Prefixes({{"/old", "/new"}, {"/older", "/x"}, {"/old", "/new/"}}, {}).pairs() ==
          std::vector<PrefixPair>{{"/old", "/new"}, {"/older", "/x"}});
}

TEST_CASE("wide prefixes are sought only where asked for, and only those that are text") {
    const std::vector<PrefixPair> pairs = {{"/old", "/new"}, {"/\xff", "/x"}, {"/y", "/\xc0\x80"}};
    CHECK(Prefixes(pairs, {}).index().rules().size() == 3);
    CHECK(Prefixes(pairs, {.wide = true}).index().rules().size() == 3 + 4);
}

TEST_CASE("a prefix that another begins with is known as the shorter one") {
    const Prefixes prefixes({{"/a/b/c", ""}, {"/a", ""}, {"/a/bx", ""}, {"/a/b", ""}, {"/b", ""}}, {});
    const relocate::PrefixIndex& index = prefixes.index();
    CHECK(index.shorter(0) == 3);
    CHECK(index.shorter(3) == 1);
    CHECK(index.shorter(2) == 3);
    CHECK(index.shorter(1) == 1);
    CHECK(index.shorter(4) == 4);
}

TEST_CASE("encodings: every byte order and width, characters beyond 16 bits, what is not UTF-8") {
    CHECK(encode("/a", Encoding::utf16le) == "/\0a\0"s);
    CHECK(encode("/a", Encoding::utf16be) == "\0/\0a"s);
    CHECK(encode("/a", Encoding::utf32le) == "/\0\0\0a\0\0\0"s);
    CHECK(encode("/a", Encoding::utf32be) == "\0\0\0/\0\0\0a"s);
    CHECK(encode("\xc3\xa4\xe2\x82\xac", Encoding::utf16be) == "\0\xe4\x20\xac"s);
    CHECK(encode("\xf0\x9f\x98\x80", Encoding::utf16le) == "\x3d\xd8\x00\xde"s);
    CHECK(encode("\xf0\x9f\x98\x80", Encoding::utf32be) == "\x00\x01\xf6\x00"s);
    for (const char* wrong :
         {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xf8\x88\x80\x80\x80"})
        CHECK_FALSE(encode(wrong, Encoding::utf16le).has_value());
}

}  // namespace reseal::prefixes_test
