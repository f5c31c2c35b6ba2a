// SPDX-License-Identifier: BSL-1.0
#pragma once
// Carries a plan out. Each file and each link is replaced in one step, so a kill at any moment leaves every one of them old or
// new.
#include <cstdint>
#include <map>
#include <string>

#include "relocate/mtime.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::relocate {

struct TreeRelocation {
    std::vector<std::optional<FileRelocation>> files;  ///< like TreePlan::changed; none: not done
    std::uint64_t files_done = 0, links_done = 0, relinked = 0;
    std::uint64_t bytes_written = 0;
};

struct TreeWriting {
    MtimePolicy mtime;
    std::optional<timespec> package;  ///< see time_of_patched()
    unsigned jobs = 0;                ///< at once; 0: one a processor
    bool sync = false;                ///< wait until all of it is on the disk
};

/// The bytes that were planned for one file; none: it is not what was planned, and what was written is worth nothing.
std::optional<FileRelocation> write_planned(const Source& now, const PlannedFile& planned, Sink& out);

/// Fills `done` as far as it comes. Throws Error (ErrorCode::io) of the first file that could not be replaced, also when one is
/// no longer what was planned, after those that were under way have come to their end, and when effort.stop was set.
void relocate_tree(const TreePlan& plan, const TreeWriting& writing, TreeEffort& effort, TreeRelocation& done);

}  // namespace reseal::relocate
