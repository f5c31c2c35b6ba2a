// SPDX-License-Identifier: BSL-1.0
#include "package/record_path.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

namespace reseal::record_path_test {
using package::record_path;

namespace {

std::string refusal(std::string_view path) {
    try {
        return "taken as " + record_path(path, "paths.json");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        return error.what();
    }
}

}  // namespace

TEST_CASE("one file has one name however its path is written") {
    CHECK(record_path("bin/tool", "") == "bin/tool");
    CHECK(record_path("./bin//./tool/", "") == "bin/tool");
    CHECK(record_path("..data/a..b/...", "") == "..data/a..b/...");
    CHECK(record_path("a\\..\\b c\n", "") == "a\\..\\b c\n");
}

TEST_CASE("a path that leads out of the prefix is refused by name") {
    CHECK(refusal("/etc/passwd") == "paths.json: the path '/etc/passwd' is absolute");
    CHECK(refusal("../x") == "paths.json: the path '../x' leads out of the prefix");
    CHECK(refusal("a/../../x") == "paths.json: the path 'a/../../x' leads out of the prefix");
    CHECK(refusal("a/..") == "paths.json: the path 'a/..' leads out of the prefix");
    CHECK(refusal("") == "paths.json: the path '' is empty");
    CHECK(refusal("./.") == "paths.json: the path './.' is the prefix itself");
    CHECK(refusal(std::string_view("a\0b", 3)) == "paths.json: the path 'a\\x00b' holds a NUL");
    CHECK(refusal(std::string(4096, 'a')).starts_with("taken"));
    CHECK(refusal(std::string(4097, 'a')).ends_with("…' is longer than 4096 bytes"));
}

}  // namespace reseal::record_path_test
