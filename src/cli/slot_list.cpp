// SPDX-License-Identifier: BSL-1.0
#include "cli/slot_list.hpp"

#include <algorithm>

namespace reseal::cli {
namespace {

constexpr std::size_t slots_listed = 20;

}  // namespace

SplitSlots split(const std::vector<std::int64_t>& slots) {
    const std::span<const std::int64_t> all(slots);
    const auto first_page = std::partition_point(all.begin(), all.end(), [](std::int64_t slot) { return slot < 0; });
    const auto specials = static_cast<std::size_t>(first_page - all.begin());
    return {all.first(specials), all.subspan(specials)};
}

std::string slot_list(std::span<const std::int64_t> slots) {
    std::string out;
    for (const std::int64_t slot : slots.first(std::min(slots.size(), slots_listed)))
        out += (out.empty() ? "" : ", ") + std::to_string(slot);
    if (slots.size() > slots_listed) out += " … and " + std::to_string(slots.size() - slots_listed) + " more";
    return out;
}

std::string special_slot_list(std::span<const std::int64_t> slots) {
    return (slots.size() == 1 ? "special slot " : "special slots ") + slot_list(slots);
}

}  // namespace reseal::cli
