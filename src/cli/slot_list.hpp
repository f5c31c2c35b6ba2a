// SPDX-License-Identifier: BSL-1.0
#pragma once
// Slots of a CodeDirectory as lines for a person name them.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace reseal::cli {

/// Special slots (below 0) and code slots, which are pages. Each ascending.
struct SplitSlots {
    std::span<const std::int64_t> specials, pages;
};
/// `slots`: ascending; must outlive what comes out.
SplitSlots split(const std::vector<std::int64_t>& slots);

/// "17, 18, 1872"; of very many the first ones, and how many more.
std::string slot_list(std::span<const std::int64_t> slots);
/// "special slots -7, -5"
std::string special_slot_list(std::span<const std::int64_t> slots);

}  // namespace reseal::cli
