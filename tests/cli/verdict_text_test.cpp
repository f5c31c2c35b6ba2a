// SPDX-License-Identifier: BSL-1.0
#include "cli/verdict_text.hpp"

#include <doctest/doctest.h>

namespace reseal::verdict_text_test {
using cli::verdict_text;

namespace {

ImageVerdict image(Verdict verdict, CodeDirectoryVerdict directory) {
    ImageVerdict out;
    out.arch = "arm64";
    out.verdict = verdict;
    directory.page_size = 4096;
    directory.pages = 2526;
    out.codedirectories = {directory};
    return out;
}

}  // namespace

TEST_CASE("verify's line") {
    CHECK(verdict_text({"bin/x", {}}, image(Verdict::valid, {})) == "bin/x  arm64  valid  2526 pages; sha256/4096");
    CHECK(verdict_text({"bin/x", {}}, image(Verdict::stale, {.stale = {17, 18, 1872}})) ==
          "bin/x  arm64  stale  3 of 2526 pages: 17, 18, 1872; sha256/4096");
    CHECK(verdict_text({"bin/x", {}}, image(Verdict::stale, {.stale = {-7, -5, 17}})) ==
          "bin/x  arm64  stale  1 of 2526 pages: 17; special slots -7, -5; sha256/4096");
    CHECK(verdict_text({"bin/x", {}}, image(Verdict::stale, {.stale = {-2}, .unchecked = {-1}})) ==
          "bin/x  arm64  stale  2526 pages; special slot -2; unchecked: special slot -1; sha256/4096");
}

TEST_CASE("a long list of stale pages is cut") {
    CodeDirectoryVerdict directory;
    for (int page = 0; page < 23; ++page) directory.stale.push_back(page);
    CHECK(
        verdict_text({"x", {}}, image(Verdict::stale, directory)) ==
        "x  arm64  stale  23 of 2526 pages: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 … and 3 more; "
        "sha256/4096");
}

TEST_CASE("every CodeDirectory and every problem has its part, but stale pages are said once") {
    ImageVerdict out = image(Verdict::stale, {.stale = {1}});
    out.codedirectories.push_back({.slot = 0x1000, .hash = HashType::sha1, .page_size = 16384, .pages = 1});
    out.problems = {{Code::page_stale, 4096, "page 1"}, {Code::special_missing, 7, "odd \x1b"}};
    CHECK(verdict_text({"a\nb", {}}, out) ==
          "a\\x0ab  arm64  stale  1 of 2526 pages: 1; sha256/4096 | 1 page; sha1/16384 | odd \\x1b (offset 7) | "
          "codesign objects");
    out.problems[1].layer = reseal::Layer::kernel;
    CHECK(verdict_text({"a", "b\n"}, out) ==
          "a:b\\x0a  arm64  stale  1 of 2526 pages: 1; sha256/4096 | 1 page; sha1/16384 | odd \\x1b (offset 7) | "
          "the kernel objects");
}

TEST_CASE("a note is no objection") {
    ImageVerdict out = image(Verdict::valid, {});
    out.notes = {{Code::last_page_nx, 8192, "code in the last page"}};
    CHECK(verdict_text({"x", {}}, out) ==
          "x  arm64  valid  2526 pages; sha256/4096 | note: code in the last page (offset 8192)");
}

}  // namespace reseal::verdict_text_test
