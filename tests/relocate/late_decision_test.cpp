// SPDX-License-Identifier: BSL-1.0
// Prefixes whose fill is decided only by what comes in a later write. Short writes are gathered, so what stands before is long.
#include <doctest/doctest.h>

#include <string>

#include "moved.hpp"

namespace reseal::late_decision_test {
using namespace support;
using namespace std::string_literals;

TEST_CASE("a prefix at the end of a write, with what decides its fill in the next, is replaced whole") {
    const std::string from = "/old/prefix/of/a/build", before(5000, '\1'), behind(5000, '\2');
    const std::string input = before + from + "/lib and more\0"s + behind;
    for (Padding padding : {Padding::slash, Padding::nul, Padding::spack}) {
        const Prefixes prefixes({{from, "/new"}}, {.padding = padding});
        const Moved whole = moved({input}, prefixes);
        CHECK_FALSE(whole.result.refused);
        CHECK_EQ(whole.result.fields.size(), 1);
        CHECK_EQ(whole.output.find("/build"), std::string::npos);
        for (std::size_t at = before.size() - 2; at < before.size() + from.size() + 20; ++at) {
            CAPTURE(at);
            const std::string_view view = input;
            CHECK(moved({view.substr(0, at), view.substr(at)}, prefixes) == whole);
        }
    }
}

}  // namespace reseal::late_decision_test
