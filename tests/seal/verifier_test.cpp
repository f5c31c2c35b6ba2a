// SPDX-License-Identifier: BSL-1.0
// The verifier on the signed programs of testdata/, whole and broken.
#include <doctest/doctest.h>

#include <reseal/verify.hpp>
#include <string>
#include <vector>

#include "support/testdata.hpp"

using namespace reseal;
using support::testdata;

namespace {

std::vector<ImageVerdict> verify_bytes(const std::string& bytes, bool strict = false) {
    return verify(MemorySource(bytes), {strict});
}

}  // namespace

TEST_CASE("every signed program of testdata is valid, strictly too") {
    for (const char* side : {"a/", "b/"})
        for (const char* name : {"exe.arm64", "exe.x86_64", "dylib.arm64", "bundle.arm64", "info-plist.arm64", "fat", "fat64"}) {
            CAPTURE(name);
            for (bool strict : {false, true})
                for (const ImageVerdict& image : verify_bytes(testdata(std::string(side) + name), strict)) {
                    CHECK(image.verdict == Verdict::valid);
                    CHECK_FALSE(image.bad);
                    CHECK(image.problems.empty());
                    REQUIRE(image.codedirectories.size() == 1);
                    CHECK(image.codedirectories[0].stale.empty());
                    CHECK(image.codedirectories[0].pages > 0);
                }
        }
}

TEST_CASE("a flipped byte makes its own page stale and no other") {
    const std::string good = testdata("a/exe.arm64");
    const ImageVerdict whole = verify_bytes(good).at(0);
    const std::size_t limit = (whole.codedirectories[0].pages - 1) * 4096;
    for (std::size_t page = 1; page < whole.codedirectories[0].pages; ++page)  // page 0: load commands, a test of its own
        for (std::size_t offset : {page * 4096, page * 4096 + 4095}) {
            if (offset > limit) continue;
            CAPTURE(offset);
            std::string bad = good;
            bad[offset] = static_cast<char>(bad[offset] ^ 1);
            const ImageVerdict image = verify_bytes(bad).at(0);
            CHECK(image.verdict == Verdict::stale);
            CHECK(image.bad);
            CHECK(image.codedirectories[0].stale == std::vector<std::int64_t>{static_cast<std::int64_t>(page)});
            REQUIRE(image.problems.size() == 1);
            CHECK(image.problems[0].code == Code::page_stale);
            CHECK(image.problems[0].offset == page * 4096);
        }
}
