// SPDX-License-Identifier: BSL-1.0
#pragma once
// What becomes of a remembered file: its bytes decide in which state it is, not what was written down.
#include <optional>
#include <reseal/relocation.hpp>

#include "relocate/tree_plan.hpp"

namespace reseal::relocate {

struct PlannedAgain {
    FilePlan plan;                 ///< with the digest after, unless `back` is missing
    std::optional<Prefixes> back;  ///< see PlannedFile; none: `plan` is one of the file as it is
};

/// Whether it is as the last move left it, or one that was killed; if neither, somebody has changed it (Code::digest_differs),
/// and prefixes are sought in it.
PlannedAgain plan_again(const Source& file, const Prefixes& prefixes, const FileOptions& options, const Remembered& remembered);

}  // namespace reseal::relocate
