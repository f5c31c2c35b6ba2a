// SPDX-License-Identifier: BSL-1.0
#include "bytes/iso_date.hpp"

#include <doctest/doctest.h>

namespace reseal::iso_date_test {

TEST_CASE("a moment is written as another") {
    CHECK(iso_date(0) == "1970-01-01T00:00:00Z");
    CHECK(iso_date(-1) == "1969-12-31T23:59:59Z");
    CHECK(iso_date(1622548800) == "2021-06-01T12:00:00Z");
    CHECK(iso_date(951782399) == "2000-02-28T23:59:59Z");
    CHECK(iso_date(951782400) == "2000-02-29T00:00:00Z");
    CHECK(iso_date(253402300799) == "9999-12-31T23:59:59Z");
    CHECK(iso_date(-62167219200) == "0000-01-01T00:00:00Z");
}

TEST_CASE("a moment beyond every calendar is reckoned with one") {
    CHECK(iso_date(253402300800) == "253402300800");
    CHECK(iso_date(-62167219201) == "-62167219201");
    CHECK(iso_date(INT64_MAX) == "9223372036854775807");
    CHECK(iso_date(INT64_MIN) == "-9223372036854775808");
}

}  // namespace reseal::iso_date_test
