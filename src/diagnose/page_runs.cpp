// SPDX-License-Identifier: BSL-1.0
#include "diagnose/page_runs.hpp"

#include <algorithm>

namespace reseal::diagnose {

void append_run(std::vector<PageRun>& runs, const PageRun& run) {
    if (run.count == 0) return;
    if (!runs.empty() && runs.back().state == run.state && runs.back().first + runs.back().count == run.first)
        runs.back().count += run.count;
    else runs.push_back(run);
}

std::vector<PageRun> runs_of(const std::vector<ByteRange>& ranges, std::uint64_t page_size, std::uint64_t pages,
                             PageState state) {
    std::vector<ByteRange> sorted = ranges;
    std::sort(sorted.begin(), sorted.end(), [](const ByteRange& a, const ByteRange& b) { return a.offset < b.offset; });
    std::vector<PageRun> runs;
    std::uint64_t done = 0;
    for (const ByteRange& range : sorted) {
        if (range.size == 0) continue;
        const std::uint64_t last_byte = range.offset + std::min(range.size - 1, UINT64_MAX - range.offset);
        const std::uint64_t first = std::max(range.offset / page_size, done);
        const std::uint64_t end = std::min(last_byte / page_size + 1, pages);
        if (first >= end) continue;
        append_run(runs, {first, end - first, state});
        done = end;
    }
    return runs;
}

std::vector<PageRun> overlaid(const std::vector<PageRun>& base, const std::vector<PageRun>& over) {
    std::vector<PageRun> out;
    auto next = over.begin();
    for (const PageRun& run : base) {
        std::uint64_t at = run.first;
        const std::uint64_t end = run.first + run.count;
        while (at < end) {
            while (next != over.end() && next->first + next->count <= at) ++next;
            const bool covered = next != over.end() && next->first <= at;
            const std::uint64_t stop =
                next == over.end() ? end : std::min(end, covered ? next->first + next->count : next->first);
            append_run(out, {at, stop - at, covered ? next->state : run.state});
            at = stop;
        }
    }
    return out;
}

}  // namespace reseal::diagnose
