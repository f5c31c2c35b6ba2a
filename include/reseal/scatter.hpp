// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace reseal {

/// Pages next to each other, and the code slots that are about them: an entry of a CodeDirectory's scatter list.
struct ScatterRun {
    std::uint64_t first_page = 0, pages = 0, first_slot = 0;
    bool operator==(const ScatterRun&) const = default;
};

}  // namespace reseal
