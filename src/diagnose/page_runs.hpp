// SPDX-License-Identifier: BSL-1.0
#pragma once
// Runs of pages, which take as much memory as there are changes between them, however large a file says to be.
#include <cstdint>
#include <reseal/page_map.hpp>
#include <vector>

namespace reseal::diagnose {

/// Adds a run behind the others, as part of the last one where that goes on; nothing for no pages.
void append_run(std::vector<PageRun>& runs, const PageRun& run);

/// Of ranges of bytes in any order: the pages below `pages` that they touch.
std::vector<PageRun> runs_of(const std::vector<ByteRange>& ranges, std::uint64_t page_size, std::uint64_t pages,
                             PageState state);

/// Both in order; where they meet, `over` counts.
std::vector<PageRun> overlaid(const std::vector<PageRun>& base, const std::vector<PageRun>& over);

}  // namespace reseal::diagnose
