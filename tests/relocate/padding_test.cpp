// SPDX-License-Identifier: BSL-1.0
// Padding::slash, and what every padding has in common.
#include <doctest/doctest.h>

#include <string>

#include "moved.hpp"
#include "relocate/encoding.hpp"
#include "support/plain_sha.hpp"

namespace reseal::padding_test {
using namespace support;
using namespace std::string_literals;
using Fill = PrefixField::Fill;

namespace {

const Prefixes old_to_new({{"/old/pfx", "/new"}}, {});

Moved slash(const std::string& input, const Prefixes& prefixes = old_to_new) { return moved_every_way(input, prefixes); }

}  // namespace

TEST_CASE("slashes go behind a prefix where its path goes on or ends, and in front of it elsewhere") {
    CHECK_EQ(slash("/old/pfx/lib\0"s).output, "/new/////lib\0"s);
    CHECK_EQ(slash("/old/pfx\0x"s).output, "/new////\0x"s);
    CHECK_EQ(slash("/old/pfx").output, "/new////");
    for (const char* end : {":", ";", "\"", "'", "`", " ", "\t", "\n", "\r", "\f", "\v"})
        CHECK_EQ(slash(std::string("/old/pfx") + end + "x").output, std::string("/new////") + end + "x");
    CHECK_EQ(slash("/old/pfx-x\0"s).output, "/////new-x\0"s);
    CHECK_EQ(slash("-L/old/pfx,/old/pfx/lib").output, "-L/////new,/new/////lib");
    CHECK_EQ(slash("/old/pfx/old/pfx\xff").output, "/new/////////new\xff");
}

TEST_CASE("slashes are as wide as the prefix they pad") {
    const Prefixes wide({{"/old/pfx", "/new"}}, {.wide = true});
    for (relocate::Encoding encoding : relocate::all_encodings) {
        const auto text = [&](const std::string& bytes) { return relocate::encode(bytes, encoding).value(); };
        const Moved moved = slash(text("x/old/pfx/a:/old/pfx-b\0"s), wide);
        CHECK_EQ(moved.output, text("x/new/////a://///new-b\0"s));
        REQUIRE(moved.result.fields.size() == 2);
        CHECK(moved.result.fields[0].fill == Fill::behind);
        CHECK(moved.result.fields[1].fill == Fill::front);
    }
}

TEST_CASE("nothing but the prefixes and their padding changes, and the file keeps its length") {
    const std::string input = "7.6052450e-01/old/pfx\0\x01/old/pfx/x\0e-01\0"s;
    const Moved moved = slash(input);
    CHECK_EQ(moved.output, "7.6052450e-01/new////\0\x01/new/////x\0e-01\0"s);
    CHECK(moved.result.size_after == input.size());
    CHECK(moved.result.sha256_after == plain_sha256(moved.output));
}

TEST_CASE("a new prefix that is no absolute path cannot be padded with slashes") {
    CHECK(slash("12345Hello, fabulous world!", Prefixes({{"fabulous", "cruel"}}, {}))
              .has(Code::prefix_unpaddable, Severity::error));
    CHECK_EQ(slash("12345Hello, fabulous world!", Prefixes({{"fabulous", "vigorous"}}, {})).output,
             "12345Hello, vigorous world!");
}

TEST_CASE("a prefix replaced by itself changes nothing") {
    const Moved moved = slash("/old/pfx/lib\0"s, Prefixes({{"/old/pfx", "/old/pfx"}}, {}));
    CHECK_FALSE(moved.result.changed);
    CHECK_EQ(moved.output, "/old/pfx/lib\0"s);
    CHECK(moved.result.fields.size() == 1);
}

TEST_CASE("a prefix that ends in a slash keeps it, or what follows would be glued to the new one") {
    CHECK_EQ(slash("/old/pfx/lib\0"s, Prefixes({{"/old/pfx/", "/new"}}, {})).output, "/new/////lib\0"s);
    CHECK_EQ(moved_every_way("/old/pfx/lib\n", Prefixes({{"/old/pfx/", "/new"}}, {}), {.mode = FileMode::text}).output,
             "/new/lib\n");
    CHECK_FALSE(slash("/old/lib\0"s, Prefixes({{"/old/", "/old"}}, {})).result.changed);
}

TEST_CASE("the root as the new prefix") {
    CHECK_EQ(slash("/old/pfx/lib\0"s, Prefixes({{"/old/pfx", "/"}}, {})).output, "/////////lib\0"s);
    CHECK_EQ(moved_every_way("/old/pfx/lib\0"s, Prefixes({{"/old/pfx", "/"}}, {.padding = Padding::nul})).output,
             "//lib"s + std::string(8, '\0'));
}

TEST_CASE("a path with exactly two slashes in front is reported") {
    const Prefixes by_one({{"/pfxs", "/new"}}, {});
    CHECK_EQ(slash("/pfxs-x\0"s, by_one).output, "//new-x\0"s);
    CHECK(slash("/pfxs-x\0"s, by_one).has(Code::prefix_leading_slashes, Severity::note));
    CHECK_FALSE(slash("/pfxs/x\0"s, by_one).has(Code::prefix_leading_slashes, Severity::note));
    CHECK_FALSE(slash("/pfxss-x\0"s, Prefixes({{"/pfxss", "/new"}}, {})).has(Code::prefix_leading_slashes, Severity::note));
}

TEST_CASE("refuse: a shorter prefix is an error only where one stands") {
    const Prefixes prefixes({{"/old/pfx", "/new"}}, {.padding = Padding::refuse});
    CHECK(slash("x/old/pfx/lib\0"s, prefixes).has(Code::prefix_unpaddable, Severity::error));
    CHECK_FALSE(slash("x/old/px/lib\0"s, prefixes).result.refused);
    CHECK_EQ(slash("x/old/pfx/lib\0"s, Prefixes({{"/old/pfx", "/new/pfx"}}, {.padding = Padding::refuse})).output,
             "x/new/pfx/lib\0"s);
}

TEST_CASE("an error says how long both prefixes are, where the first one stands, and how many there are") {
    const Moved moved = slash("x/old/a/old/b\0"s, Prefixes({{"/old", "/longer"}}, {}));
    REQUIRE(moved.result.findings.size() == 1);
    CHECK(moved.result.findings[0].offset == 1);
    CHECK_EQ(moved.result.findings[0].what,
             "the new prefix is longer than the one it replaces: 7 bytes of /longer, 4 bytes of /old (the first of 2)");
}

TEST_CASE("several pairs, some of them longer: only the file that holds a longer one is refused") {
    const Prefixes prefixes({{"/a", "/longer"}, {"/bbbb", "/c"}}, {});
    CHECK_FALSE(slash("x/bbbb/\0"s, prefixes).result.refused);
    CHECK(slash("x/bbbb/\0/a\0"s, prefixes).result.refused);
}

TEST_CASE("strings that do not look like C's are reported, others are not") {
    const auto odd = [](const std::string& input) {
        const Moved result = planned(input, old_to_new);
        return result.has(Code::prefix_not_c_string, Severity::note);
    };
    CHECK_FALSE(odd("/old/pfx/lib and more\t\n\0\x01"s));
    CHECK(odd("/old/pfx/lib\x01more\0"s));
    CHECK(odd("/old/pfx/lib\x7fmore\0"s));
    CHECK(odd("/old/pfx/lib"));
    CHECK_FALSE(odd("/old/pfx" + std::string(4096, 'x') + "\0"s));
    CHECK(odd("/old/pfx" + std::string(4097, 'x') + "\0"s));
    CHECK_FALSE(odd("/old/pfx/\0\x01\x02/old/pfx/\0"s));
}

TEST_CASE("a socket's path that stays too long is reported, one that became short enough is not") {
    const std::string from = "/" + std::string(120, 'p');
    const auto socket = [&](const std::string& input, Padding padding) {
        const Moved result = moved_every_way(input, Prefixes({{from, "/new"}}, {.padding = padding}));
        return result.has(Code::socket_path_too_long, Severity::note);
    };
    CHECK(socket(from + "/mysql.sock\0"s, Padding::slash));
    CHECK_FALSE(socket(from + "/mysql.sock\0"s, Padding::nul));
    CHECK(socket(from + "/" + std::string(100, 'd') + "/my.socket\0"s, Padding::nul));
    CHECK_FALSE(socket(from + "/mysql.so\0"s, Padding::slash));
    CHECK_FALSE(socket("unix:" + from + ":x.sock\0"s, Padding::slash));
}

TEST_CASE("where strings end is known of every prefix, whatever fills its room") {
    for (Padding padding : {Padding::slash, Padding::nul}) {
        const Moved moved =
            moved_every_way("/old/pfx/a:/old/pfx\0b\0/old/pfx"s, Prefixes({{"/old/pfx", "/new"}}, {.padding = padding}));
        REQUIRE(moved.result.fields.size() == 3);
        CHECK(moved.result.fields[0].end == 19);
        CHECK(moved.result.fields[1].end == 19);
        CHECK(moved.result.fields[1].terminated);
        CHECK(moved.result.fields[2].offset == 22);
        CHECK(moved.result.fields[2].end == 30);
        CHECK_FALSE(moved.result.fields[2].terminated);
    }
}

TEST_CASE("big-endian wide prefixes behind ASCII count as little-endian ones, as conda has it") {
    const Prefixes wide({{"/old/pfx", "/new"}}, {.wide = true});
    const std::string text = relocate::encode("x/old/pfx/a\0"s, relocate::Encoding::utf16be).value();
    const Moved moved = slash(text + "\x12", wide);
    CHECK_EQ(moved.output, relocate::encode("x/new/////a\0"s, relocate::Encoding::utf16be).value() + "\x12");
    REQUIRE(moved.result.fields.size() == 1);
    CHECK(name(moved.result.fields[0].encoding).starts_with("utf-16"));
}

}  // namespace reseal::padding_test
