// SPDX-License-Identifier: BSL-1.0
// What causes are called.
#include <reseal/explain.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace reseal::cause_test {

TEST_CASE("a cause without a name, or with another's") {
    std::set<std::string> names;
    int number = 0;
    for (CauseCode code : all_causes()) {
        CHECK(static_cast<int>(code) == number++);
        const std::string said(name(code));
        CHECK_FALSE(said.empty());
        CHECK(said.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
        CHECK(names.insert(said).second);
    }
    CHECK(all_causes().back() == CauseCode::nothing_found);
    CHECK(name(CauseCode::unsigned_) == "unsigned");
    CHECK(name(CauseCode::stale_info_plist) == "stale-info-plist");
    CHECK(name(Certainty::likely) == "likely");
}

}  // namespace reseal::cause_test
