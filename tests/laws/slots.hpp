// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where in a file the slots stand that a report names.
#include <cstdint>
#include <reseal/report.hpp>
#include <string_view>
#include <vector>

namespace laws {

struct Span {
    std::uint64_t at = 0, size = 0;
    bool covers(std::uint64_t offset) const { return offset >= at && offset - at < size; }
};

/// Of every slot under slots_changed, and of the pre-encryption hash beside a code slot where there is one. `file`: before or
/// after, the structure is the same.
std::vector<Span> slots_changed(std::string_view file, const reseal::ImageReport& image);

}  // namespace laws
