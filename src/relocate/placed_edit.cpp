// SPDX-License-Identifier: BSL-1.0
#include "relocate/placed_edit.hpp"

#include <algorithm>

namespace reseal::relocate {

std::string_view PlacedEdits::keep(std::string_view text) {
    const auto found = texts_.find(text);
    return found != texts_.end() ? *found : *texts_.emplace(text).first;
}

void PlacedEdits::add(std::uint64_t offset, std::string_view before, std::string_view after) {
    list_.push_back({offset, keep(before), keep(after)});
}

void PlacedEdits::sort() {
    std::sort(list_.begin(), list_.end(), [](const PlacedEdit& a, const PlacedEdit& b) { return a.offset < b.offset; });
    list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
}

void PlacedEdits::clear() {
    list_.clear();
    texts_.clear();
}

}  // namespace reseal::relocate
