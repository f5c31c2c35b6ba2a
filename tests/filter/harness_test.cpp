// SPDX-License-Identifier: BSL-1.0
// Boost's own test harness for filters: random short writes below, random short reads above.
#include <doctest/doctest.h>
#include <boost/iostreams/filter/test.hpp>
#include <reseal/filter.hpp>

#include "filter/data.hpp"

namespace reseal::harness_test {
namespace io = boost::iostreams;
using namespace filter_tests;

TEST_CASE("a short write of the device below loses bytes: Boost's test_output_filter") {
    for (std::string name : programs) {
        CAPTURE(name);
        CHECK(io::test_output_filter(reseal::RewriteFilter(rules()), before(name), after(name)));
    }
}

TEST_CASE("a short read of the device above loses bytes: Boost's test_input_filter") {
    for (std::string name : programs) {
        CAPTURE(name);
        CHECK(io::test_input_filter(reseal::RewriteFilter(rules()), before(name), after(name)));
    }
}

TEST_CASE("rewriting there and back is not the identity: Boost's test_filter_pair") {
    // The pair reads truncated images too; those that are touched are refused with a std::ios_base::failure.
    for (std::string name : {"exe.arm64", "fat", "unsigned.arm64"}) {
        CAPTURE(name);
        CHECK(io::test_filter_pair(reseal::RewriteFilter(rules()), reseal::RewriteFilter(back()), before(name)));
    }
}

}  // namespace reseal::harness_test
