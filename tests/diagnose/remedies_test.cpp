// SPDX-License-Identifier: BSL-1.0
// Names of files in commands: one word for a shell, whatever they hold.
#include "diagnose/remedies.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::remedies_test {
using diagnose::shell_word;

TEST_CASE("a name that a shell takes for more than a word") {
    CHECK(shell_word("a/b-c_d.e+f=g:h,i@j%k") == "a/b-c_d.e+f=g:h,i@j%k");
    CHECK(shell_word("") == "''");
    CHECK(shell_word("a b") == "'a b'");
    CHECK(shell_word("$(rm x);`y`&*?~#!\"\\") == "'$(rm x);`y`&*?~#!\"\\'");
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(shell_word("ü") == "'ü'");
    CHECK(shell_word("~") == "'~'");
}

TEST_CASE("a name that begins like an option") {
    CHECK(shell_word("-rf") == "./-rf");
    CHECK(shell_word("-r f") == "'./-r f'");
}

TEST_CASE("a name that breaks a line, or speaks to a terminal") {
    CHECK(shell_word("a\nb") == "$'a\\x0ab'");
    CHECK(shell_word("\x1b[31m'\\") == "$'\\x1b[31m\\'\\\\'");
    CHECK(shell_word("\xff") == "$'\\xff'");
}

}  // namespace reseal::remedies_test
