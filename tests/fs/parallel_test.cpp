// SPDX-License-Identifier: BSL-1.0
#include "fs/parallel.hpp"

#include <doctest/doctest.h>
#include <pthread.h>

#include <atomic>
#include <stdexcept>

namespace reseal::parallel_test {

TEST_CASE("work is left out or done twice, or a failure is lost") {
    for (const unsigned jobs : {0u, 1u, 3u, 100u}) {
        std::vector<std::atomic<int>> done(50);
        CHECK_THROWS_WITH(fs::parallel(done.size(), jobs,
                                       [&](std::size_t i) {
                                           ++done[i];
                                           if (i % 20 == 7) throw std::runtime_error(std::to_string(i));
                                       }),
                          "7");
        for (const std::atomic<int>& each : done) CHECK(each == 1);
    }
    fs::parallel(0, 0, [](std::size_t) { throw std::runtime_error("nothing to do"); });
}

TEST_CASE("the largest is begun last, or the failure of a small one goes before that of an earlier one") {
    const std::vector<std::uint64_t> sizes = {3, 9, 1, 9, 0, 7};
    std::vector<std::size_t> begun;
    CHECK_THROWS_WITH(fs::parallel_largest_first(sizes, 1,
                                                 [&](std::size_t i) {
                                                     begun.push_back(i);
                                                     if (sizes[i] != 9) throw std::runtime_error(std::to_string(i));
                                                 }),
                      "0");
    CHECK(begun == std::vector<std::size_t>{1, 3, 5, 0, 2, 4});
    fs::parallel_largest_first({}, 3, [](std::size_t) { throw std::runtime_error("nothing to do"); });
}

#if defined(__GLIBC__)
TEST_CASE("the program dies of a thread that the system will not start") {
    pthread_attr_t before{}, endless{};
    REQUIRE(pthread_getattr_default_np(&before) == 0);
    REQUIRE(pthread_attr_init(&endless) == 0);
    REQUIRE(pthread_attr_setstacksize(&endless, std::size_t{1} << 60) == 0);
    REQUIRE(pthread_setattr_default_np(&endless) == 0);
    std::atomic<int> done = 0;
    fs::parallel(10, 4, [&](std::size_t) { ++done; });
    CHECK(pthread_setattr_default_np(&before) == 0);
    CHECK(done == 10);
    pthread_attr_destroy(&endless);
    pthread_attr_destroy(&before);
}
#endif

}  // namespace reseal::parallel_test
