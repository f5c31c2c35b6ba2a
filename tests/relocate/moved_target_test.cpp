// SPDX-License-Identifier: BSL-1.0
#include "relocate/moved_target.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace reseal::moved_target_test {
using relocate::moved_target;

TEST_CASE("a link to another place that begins alike is moved, or one into the prefix is not") {
    const std::vector<PrefixPair> pairs = {{"/old/pfx", "/new"}, {"/old/pfx/sub", "/elsewhere"}, {"/", "/root"}};
    const auto moved = [&](const char* target) { return moved_target(target, std::span(pairs).first(2)).value_or("stays"); };
    CHECK(moved("/old/pfx") == "/new");
    CHECK(moved("/old/pfx/") == "/new/");
    CHECK(moved("/old/pfx/lib/a.so") == "/new/lib/a.so");
    CHECK(moved("/old/pfx/sub/x") == "/elsewhere/x");
    CHECK(moved("/old/pfx/submarine") == "/new/submarine");
    CHECK(moved("/old/pfx-2/lib") == "stays");
    CHECK(moved("/older/pfx") == "stays");
    CHECK(moved("x/old/pfx/lib") == "stays");
    CHECK(moved("../lib/a.so") == "stays");
    CHECK(moved("") == "stays");
    CHECK(moved_target("/usr", std::span(pairs).last(1)) == "/rootusr");
    CHECK(!moved_target("/a/b", std::vector<PrefixPair>{{"/a", "/a"}}));
}

}  // namespace reseal::moved_target_test
