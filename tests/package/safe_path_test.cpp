// SPDX-License-Identifier: BSL-1.0
#include "package/safe_path.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include "package/fold.hpp"

namespace reseal::safe_path_test {
using namespace package;

namespace {

std::string taken(std::string_view name) {
    try {
        return safe_path(name, "a.tar: x");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        CHECK(error.entry() == "a.tar: x");
        return error.what();
    }
}

std::string deep(std::size_t folders) {
    std::string out = "a";
    for (std::size_t i = 1; i < folders; ++i) out += "/a";
    return out;
}

}  // namespace

TEST_CASE("one file has two names") {
    CHECK(taken("bin/python") == "bin/python");
    CHECK(taken("./bin//python") == "bin/python");
    CHECK(taken("bin/./python/") == "bin/python");
    CHECK(taken(".") == "");
    CHECK(taken("./") == "");
    CHECK(taken("...") == "...");
    CHECK(taken("a..b/..c") == "a..b/..c");
    CHECK(taken("share/man/B::Op.3") == "share/man/B::Op.3");
}

TEST_CASE("a name leads out of the folder") {
    CHECK(taken("../x") == "a.tar: x: a name with .. is refused");
    CHECK(taken("a/../../x") == "a.tar: x: a name with .. is refused");
    CHECK(taken("a/..") == "a.tar: x: a name with .. is refused");
    CHECK(taken("..") == "a.tar: x: a name with .. is refused");
    CHECK(taken("/etc/passwd") == "a.tar: x: an absolute name is refused");
    CHECK(taken("\\windows") == "a.tar: x: an absolute name is refused");
    CHECK(taken("C:evil") == "a.tar: x: a name with a drive is refused");
    CHECK(taken("c:/evil") == "a.tar: x: a name with a drive is refused");
    CHECK(taken("") == "a.tar: x: an empty name is refused");
    CHECK(taken({"a\0b", 3}) == "a.tar: x: a NUL in a name is refused");
}

TEST_CASE("a name is longer or deeper than what walks the tree can bear") {
    CHECK(taken(std::string(4096, 'a')).size() == 4096);
    CHECK(taken(std::string(4097, 'a')) == "a.tar: x: a name of more than 4096 bytes is refused");
    CHECK(taken(deep(256)) == deep(256));
    CHECK(taken(deep(257)) == "a.tar: x: a name more than 256 folders deep is refused");
}

TEST_CASE("letters that a file system takes for one stay two") {
    CHECK(folded("README.Md") == "readme.md");
    CHECK(folded("\xC3\x84pfel") == "\xC3\xA4pfel");          // Ä
    CHECK(folded("\xCE\xA3") == "\xCF\x83");                  // Σ
    CHECK(folded("\xE2\x84\xAA") == "k");                     // the Kelvin sign
    CHECK(folded("\xF0\x90\x90\x80") == "\xF0\x90\x90\xA8");  // Deseret
    CHECK(folded("\xFF"
                 "A\xC3") ==
          "\xFF"
          "a\xC3");  // no UTF-8
    CHECK(folded("\xE2\x84"
                 "A") ==
          "\xE2\x84"
          "a");
}

}  // namespace reseal::safe_path_test
