// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>

namespace reseal::relocate {

/// Bytes that were decided about before the file goes by: at `offset` of it stands `before`, and `after`, as long, comes out.
struct PlacedEdit {
    std::uint64_t offset = 0;
    std::string before, after;
    bool operator==(const PlacedEdit&) const = default;
};

}  // namespace reseal::relocate
