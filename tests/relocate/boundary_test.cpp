// SPDX-License-Identifier: BSL-1.0
#include "relocate/boundary.hpp"

#include <doctest/doctest.h>

namespace reseal::boundary_test {
using namespace relocate;

TEST_CASE("a prefix inside a longer path does not stand alone") {
    CHECK_FALSE(stands_alone("/mnt", "/usr/local", "/lib"));
    CHECK_FALSE(stands_alone("foo", "/usr/local", "/lib"));
    CHECK_FALSE(stands_alone("..", "/usr/local", "/lib"));
    CHECK_FALSE(stands_alone("foo", "PREFIX", "/bar"));
}

TEST_CASE("a prefix that goes on as a longer word does not stand alone") {
    CHECK_FALSE(stands_alone("", "/usr/local", "ized"));
    CHECK_FALSE(stands_alone("", "/usr/local", "-2"));
    CHECK(stands_alone("", "/usr/local/", "x"));
}

TEST_CASE("a prefix between what is no word stands alone") {
    CHECK(stands_alone("", "/usr/local", ""));
    CHECK(stands_alone("foo/bar:", "/usr/local", "/file.txt"));
    CHECK(stands_alone("file://", "/usr/local", "."));
    CHECK(stands_alone(std::string_view("x\0", 2), "/usr/local", std::string_view("\0", 1)));
    CHECK(stands_alone("foo", "@@HOMEBREW_PREFIX@@", "/bar"));
}

TEST_CASE("a prefix right behind a compiler's option stands alone, behind a word that ends like one it does not") {
    CHECK(stands_alone("cc -I", "/usr/local", "/include"));
    CHECK(stands_alone("-isystem", "/usr/local", "/include"));
    CHECK_FALSE(stands_alone("lib-I", "/usr/local", "/include"));
}

}  // namespace reseal::boundary_test
