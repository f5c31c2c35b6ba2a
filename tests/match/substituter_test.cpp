// SPDX-License-Identifier: BSL-1.0
#include "match/substituter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "drive.hpp"
#include "support/chunks.hpp"

namespace reseal::substituter_test {
using namespace std::string_literals;

namespace {

struct Case {
    const char* name;
    std::vector<Rule> rules;
    std::string input;
    std::string output;
};

// What the words of the contract mean, each with the mistake it would catch.
const std::vector<Case> cases = {
    {"no rules", {}, "anything at all", "anything at all"},
    {"no match", {{"abc", "xyz"}}, "ab abd bc cba", "ab abd bc cba"},
    {"an empty stream", {{"abc", "xyz"}}, "", ""},
    {"the whole stream", {{"abc", "xyz"}}, "abc", "xyz"},
    {"shorter than the rule", {{"abc", "xyz"}}, "ab", "ab"},
    {"at both ends", {{"ab", "xy"}}, "ab--ab", "xy--xy"},
    {"one byte", {{"a", "b"}}, "banana", "bbnbnb"},
    {"side by side", {{"ab", "xy"}}, "ababab", "xyxyxy"},
    {"leftmost wins over longer but later", {{"ab", "xy"}, {"bcdef", "BCDEF"}}, "abcdef", "xycdef"},
    {"longest wins at one start", {{"a", "1"}, {"abc", "123"}, {"ab", "xy"}}, "abc ab a", "123 xy 1"},
    {"longest wins in any order", {{"abc", "123"}, {"ab", "xy"}, {"a", "1"}}, "abcab", "123xy"},
    {"the shorter one when the longer one stops half way", {{"ab", "xy"}, {"abcd", "ABCD"}}, "abce", "xyce"},
    {"the shorter one when the stream stops half way", {{"ab", "xy"}, {"abcd", "ABCD"}}, "abc", "xyc"},
    {"a longer rule that begins inside does not reach back", {{"bcd", "BCD"}, {"abce", "ABCE"}}, "abcd", "aBCD"},
    {"matches do not overlap", {{"aa", "ba"}}, "aaa", "baa"},
    {"a replacement is not matched again", {{"foo", "bar"}, {"bar", "baz"}, {"zzzzzzzz", "yyyyyyyy"}}, "foooo", "baroo"},
    {"a replacement does not match with what follows", {{"ab", "ba"}}, "aabb", "abab"},
    {"a replacement does not match with what came before", {{"ab", "aa"}, {"babb", "bbbb"}}, "babb", "bbbb"},
    {"a swap", {{"aaaa", "bbbb"}, {"bbbb", "aaaa"}}, "aaaa.bbbb", "bbbb.aaaa"},
    {"by the same bytes", {{"ab", "ab"}, {"bc", "xx"}}, "abc", "abc"},
    {"zero bytes and bytes above 127", {{"\0\xff"s, "\xff\0"s}}, "\0\0\xff\xff"s, "\0\xff\0\xff"s},
    {"periodic, the end not reached", {{"aaaaaaaaaaaaaaaab", "xxxxxxxxxxxxxxxxx"}}, std::string(40, 'a'), std::string(40, 'a')},
    {"periodic, found late", {{"aaab", "xxxx"}}, "aaaaaab", "aaaxxxx"},
    {"store paths",
     {{"/nix/store/aaaaaaaaaaaaaaaa", "/nix/store/bbbbbbbbbbbbbbbb"}},
     "PATH=/nix/store/aaaaaaaaaaaaaaaa/bin:/nix/store/aaaaaaaaaaaaaaab/bin",
     "PATH=/nix/store/bbbbbbbbbbbbbbbb/bin:/nix/store/aaaaaaaaaaaaaaab/bin"},
};

std::size_t most_to_hold(const Rules& rules) {
    return rules.empty() ? 0 : std::max<std::size_t>({rules.longest() - 1, 4095, 2 * rules.longest() - 1});
}

}  // namespace

TEST_CASE("every case means the same under every chunking, behind any number of other bytes") {
    for (const Case& one : cases) {
        CAPTURE(one.name);
        Rules rules(one.rules);
        CHECK(support::substitute(one.rules, one.input).bytes == one.output);
        for (std::size_t before : {0u, 1u, 30u, 4090u, 4096u, 20000u}) {
            CAPTURE(before);
            const std::string input = std::string(before, '.') + one.input;
            for (std::size_t chunking : support::chunkings) {
                CAPTURE(chunking);
                Driven driven = drive(rules, support::cut(input, chunking));
                CHECK(driven.out.bytes == std::string(before, '.') + one.output);
                CHECK(driven.old == input);
                CHECK(driven.most_held <= most_to_hold(rules));
            }
        }
    }
}

TEST_CASE("a match is found wherever a cut between large chunks falls") {
    Rules rules({{"0123456789abcdef", "ABCDEFGHIJKLMNOP"}, {"89abcdefX", "........."}});
    const std::string plain(5000, '-');
    for (const std::string& found : {"0123456789abcdef"s, "89abcdefX"s}) {
        std::string input = plain;
        input.append(found).append(plain);
        const support::Substituted expected = support::substitute(rules.rules(), input);
        REQUIRE(expected.edits.size() == 1);
        for (std::size_t cut = plain.size() - 20; cut < plain.size() + 40; ++cut) {
            CAPTURE(cut);
            std::string_view all = input;
            CHECK(drive(rules, {all.substr(0, cut), all.substr(cut)}).out == expected);
        }
    }
}

TEST_CASE("large chunks leave at most longest - 1 bytes behind") {
    for (std::size_t length : {1u, 2u, 16u, 32u, 300u, 2048u}) {
        CAPTURE(length);
        Rules rules({{std::string(length, 'x'), std::string(length, 'y')}});
        reseal::match::Substituter substituter(rules);
        const std::string chunk(8192, '-');
        std::size_t out = 0;
        for (std::size_t in = chunk.size(); in <= 8 * chunk.size(); in += chunk.size()) {
            substituter.feed(chunk);
            for (reseal::match::Piece piece; substituter.next(piece);) out += piece.bytes.size();
            CHECK(in - out == length - 1);
        }
    }
}

TEST_CASE("without rules nothing is held back and nothing is copied") {
    reseal::match::Substituter substituter{Rules()};
    const std::string chunk = "x";
    reseal::match::Piece piece;
    substituter.feed(chunk);
    REQUIRE(substituter.next(piece));
    CHECK(piece.bytes.data() == chunk.data());
    CHECK(piece.bytes.size() == 1);
    CHECK_FALSE(substituter.next(piece));
    substituter.feed("");
    CHECK_FALSE(substituter.next(piece));
    substituter.end();
    CHECK_FALSE(substituter.next(piece));
}

TEST_CASE("bytes without a match pass as views into their chunk") {
    reseal::match::Substituter substituter{Rules({{"0123456789abcdef", "ABCDEFGHIJKLMNOP"}})};
    const std::string first(70000, '-');
    const std::string second(70000, '+');
    std::size_t copied = 0;
    for (const std::string& chunk : {std::cref(first), std::cref(second)}) {
        substituter.feed(chunk);
        for (reseal::match::Piece piece; substituter.next(piece);)
            if (!std::less_equal<>()(chunk.data(), piece.bytes.data()) ||
                !std::less<>()(piece.bytes.data(), chunk.data() + chunk.size()))
                copied += piece.bytes.size();
    }
    CHECK(copied == 15);
}

TEST_CASE("a stream of matches does not make a list of them") {
    Rules rules({{"ab", "ba"}});
    reseal::match::Substituter substituter(rules);
    std::string chunk;
    for (int i = 0; i < 100000; ++i) chunk += "ab";
    substituter.feed(chunk);
    reseal::match::Piece piece;
    std::size_t edits = 0;
    for (; substituter.next(piece); ++edits) REQUIRE(piece.bytes == "ba");
    CHECK(edits == 100000);
}

TEST_CASE("after end() a substituter is as new") {
    reseal::match::Substituter substituter{Rules({{"abcd", "wxyz"}})};
    for (int round = 0; round < 3; ++round) {
        std::string out;
        reseal::match::Piece piece;
        substituter.feed("cd ab");  // would make a match with the round before
        while (substituter.next(piece)) out += piece.bytes;
        substituter.end();
        while (substituter.next(piece)) out += piece.bytes;
        CHECK(out == "cd ab");
    }
}

}  // namespace reseal::substituter_test
