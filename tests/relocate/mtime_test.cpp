// SPDX-License-Identifier: BSL-1.0
#include "relocate/mtime.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace reseal::mtime_test {
using namespace relocate;

TEST_CASE("a word that is no time is taken for one") {
    CHECK(parse_mtime("patched+1") == MtimePolicy{});
    CHECK(parse_mtime("source")->kind == MtimePolicy::Kind::source);
    CHECK(parse_mtime("now")->kind == MtimePolicy::Kind::now);
    CHECK(parse_mtime("@0") == MtimePolicy{MtimePolicy::Kind::fixed, 0});
    CHECK(parse_mtime("@-5") == MtimePolicy{MtimePolicy::Kind::fixed, -5});
    CHECK(parse_mtime("@1700000000") == MtimePolicy{MtimePolicy::Kind::fixed, 1'700'000'000});
    for (const char* word : {"", "@", "patched", "@1x", "@ 1", "1700000000", "@99999999999999999999", "Now"}) {
        CAPTURE(word);
        CHECK(!parse_mtime(word));
    }
}

TEST_CASE("a patched file keeps the time that compiled code remembers") {
    const timespec own{.tv_sec = 100, .tv_nsec = 7}, older{.tv_sec = 50, .tv_nsec = 9}, newer{.tv_sec = 100, .tv_nsec = 8};
    CHECK(time_of_patched({}, own).tv_sec == 101);
    CHECK(time_of_patched({}, own).tv_nsec == 7);
    CHECK(time_of_patched({}, own, older).tv_nsec == 7);
    CHECK(time_of_patched({}, own, newer).tv_sec == 101);
    CHECK(time_of_patched({}, own, newer).tv_nsec == 8);
    CHECK(time_of_patched({MtimePolicy::Kind::source, 0}, own, newer).tv_nsec == 7);
    const time_t before = ::time(nullptr);
    const timespec now = time_of_patched({MtimePolicy::Kind::now, 0}, own);
    CHECK(now.tv_sec + 1 >= before);  // time() may be a tick behind or ahead of the clock
    CHECK(now.tv_sec <= ::time(nullptr) + 1);
    CHECK(time_of_patched({MtimePolicy::Kind::fixed, 42}, own).tv_sec == 42);
}

}  // namespace reseal::mtime_test
