// SPDX-License-Identifier: BSL-1.0
// What the times of a rejected page tell, and what they cannot.
#include <reseal/log.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

namespace reseal::modification_test {
namespace {

Modification of(const std::string& times, const std::string& path = "/a") {
    const Log log = read_log("CODE SIGNING: process 1[a]: rejecting invalid page at address 0x1 from offset 0x0 in file \"" +
                             path + "\" (" + times + ") (signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:0)");
    REQUIRE(log.events.size() == 1);
    return modification(log.events.front());
}

}  // namespace

TEST_CASE("a file that was written to after its signature had been attached") {
    CHECK(of("cs_mtime:1700000000.1 != mtime:1700000000.2") == Modification::in_place);
    CHECK(of("cs_mtime:1700000000.1 != mtime:1.0") == Modification::in_place);
    CHECK(of("cs_mtime:1.0 != mtime:1700000000.0") == Modification::in_place);
}

TEST_CASE("a file that was not") { CHECK(of("cs_mtime:1700000000.1 == mtime:1700000000.1") == Modification::none); }

TEST_CASE("in a store all times are one, whatever happened to the file") {
    CHECK(of("cs_mtime:1.0 == mtime:1.0") == Modification::hidden);
    CHECK(of("cs_mtime:0.0 == mtime:0.0") == Modification::hidden);
}

TEST_CASE("the times count, not the sign between them") {
    CHECK(of("cs_mtime:1700000000.1 == mtime:1700000000.2") == Modification::in_place);
}

TEST_CASE("each has a name and a sentence of its own") {
    std::set<std::string_view> words;
    for (Modification each : {Modification::untold, Modification::hidden, Modification::none, Modification::in_place}) {
        words.insert(name(each));
        words.insert(describe(each));
    }
    CHECK(words.size() == 8);
    CHECK(words.count("") == 0);
}

TEST_CASE("without a file or without times nothing is told") {
    CHECK(of("cs_mtime:0.0 == mtime:0.0", "<nil>") == Modification::untold);
    CHECK(of("cs_mtime:5") == Modification::untold);
    CHECK(modification(LogEvent{}) == Modification::untold);
}

}  // namespace reseal::modification_test
