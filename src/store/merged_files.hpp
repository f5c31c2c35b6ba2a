// SPDX-License-Identifier: BSL-1.0
#pragma once
// What several passes over one tree did to its files, as if it had been one.
#include <reseal/report.hpp>
#include <vector>

namespace reseal::store {

/// Adds a later pass to the earlier ones: substitutions add up, changed slots too; cdhashes are the first before and the last
/// after.
void merge_files(std::vector<EntryReport>& files, const std::vector<EntryReport>& later);

}  // namespace reseal::store
