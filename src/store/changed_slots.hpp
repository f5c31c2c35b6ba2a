// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a slot of a signature was changed.
#include <algorithm>
#include <reseal/report.hpp>

namespace reseal::store {

inline bool changed_slots(const ImageReport& image) {
    return std::any_of(image.codedirectories.begin(), image.codedirectories.end(),
                       [](const CodeDirectoryReport& each) { return !each.slots_changed.empty(); });
}
inline bool changed_slots(const EntryReport& entry) {
    return std::any_of(entry.images.begin(), entry.images.end(), [](const ImageReport& each) { return changed_slots(each); });
}

}  // namespace reseal::store
