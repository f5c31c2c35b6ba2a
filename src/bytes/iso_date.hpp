// SPDX-License-Identifier: BSL-1.0
#pragma once
// Moments as people and JSON have them.
#include <cstdint>
#include <string>

namespace reseal {

/// "2021-06-01T12:00:00Z" for seconds since 1970-01-01 00:00:00 UTC; the number itself where no calendar reaches.
std::string iso_date(std::int64_t seconds);

}  // namespace reseal
