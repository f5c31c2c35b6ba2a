// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/rules.hpp>
#include <string>

namespace reseal::rules_file_test {
using namespace std::string_literals;

namespace {

std::string fault(std::string_view text) {
    try {
        parse_rules(text, "rules.txt");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::rules);
        CHECK(error.entry() == "rules.txt");
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a line is FROM, a tab, TO; lines end in LF, CRLF or with the file") {
    CHECK(parse_rules("ab\tcd\nef\tgh\r\nij\tkl", "x") == std::vector<Rule>{{"ab", "cd"}, {"ef", "gh"}, {"ij", "kl"}});
    CHECK(parse_rules("ij\tkl\r", "x") == std::vector<Rule>{{"ij", "kl"}});
}

TEST_CASE("blank lines and comments say nothing, and an empty file is no error") {
    CHECK(parse_rules("", "x").empty());
    CHECK(parse_rules("\n\r\n   \n# a\tcomment \\q\n#", "x").empty());
    CHECK(parse_rules("\n# first\n\nab\tcd\n\n", "x") == std::vector<Rule>{{"ab", "cd"}});
}

TEST_CASE("a # is a comment only where the line begins, and blanks belong to their part") {
    CHECK(parse_rules(" #\t#a", "x") == std::vector<Rule>{{" #", "#a"}});
    CHECK(parse_rules(" a \t b ", "x") == std::vector<Rule>{{" a ", " b "}});
    CHECK(parse_rules(" \t-", "x") == std::vector<Rule>{{" ", "-"}});
}

TEST_CASE("escapes give any byte in both parts") {
    CHECK(parse_rules("\\x23a\\x09\\x0a\t\\\\\\x00\\xfF.", "x") == std::vector<Rule>{{"#a\t\n", "\\\0\xff."s}});
    CHECK(parse_rules("a\\x0d\tb\\x0D\r\n", "x") == std::vector<Rule>{{"a\r", "b\r"}});
    CHECK(parse_rules("\\\\x41\tabcd", "x") == std::vector<Rule>{{"\\x41", "abcd"}});
}

TEST_CASE("bytes that are not text stand for themselves") {
    CHECK(parse_rules("\0\xff\t\xfe\r"s + "\r\n", "x") == std::vector<Rule>{{"\0\xff"s, "\xfe\r"}});
}

TEST_CASE("what is wrong is said with its line") {
    CHECK(fault("a\tb\nab\n") == "rules.txt: line 2: no tab between the two parts");
    CHECK(fault("# one\n\nab cd") == "rules.txt: line 3: no tab between the two parts");
    CHECK(fault("a\tb\tc") == "rules.txt: line 1: more than one tab; within a part it is written \\x09");
    CHECK(fault("\ta") == "rules.txt: line 1: nothing to replace: the first part is empty");
    CHECK(fault("\t") == "rules.txt: line 1: nothing to replace: the first part is empty");
    CHECK(fault("a\tb\r\nabc\tde\r\n") == "rules.txt: line 2: lengths differ: 3 bytes by 2");
    CHECK(fault("ab\tcd\n\nab\tef") == "rules.txt: line 3: replaces the same bytes as line 1");
    CHECK(fault("ab\tcd\n\\x61b\tef") == "rules.txt: line 2: replaces the same bytes as line 1");
}

TEST_CASE("an escape that is none is an error, also at the end of a part") {
    const std::string what = "rules.txt: line 1: a backslash begins \\\\ or \\xNN, nothing else";
    for (const char* text :
         {"\\q\ta", "\\\ta", "a\t\\", "\\x\ta", "\\x4\ta", "\\x4g\ta", "\\xg4\ta", "a\t\\x4", "\\X41\ta", "\\t\ta"}) {
        CAPTURE(text);
        CHECK(fault(text) == what);
    }
}

}  // namespace reseal::rules_file_test
