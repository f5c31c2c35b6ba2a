// SPDX-License-Identifier: BSL-1.0
#include "bytes/iso_date.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace reseal {

std::string iso_date(std::int64_t seconds) {
    using namespace std::chrono;
    constexpr std::int64_t year_0 = -62167219200, year_10000 = 253402300800;
    if (seconds < year_0 || seconds >= year_10000) return std::to_string(seconds);
    const sys_seconds time{std::chrono::seconds{seconds}};
    const sys_days day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss<std::chrono::seconds> clock{time - day};
    std::array<char, 32> text;
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int{date.year()},
                                   unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                                   static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace reseal
