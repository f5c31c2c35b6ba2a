// SPDX-License-Identifier: BSL-1.0
#pragma once
// One wait for many files: what a tree's files are worth on a disk is decided by the last of them.
#include <string>
#include <vector>

namespace reseal::fs {

/// Returns when all that was written to the file systems of these folders is on the disk; for a folder that cannot be opened,
/// to any file system. Throws Error (ErrorCode::io).
void wait_for_disk(const std::vector<std::string>& folders);

}  // namespace reseal::fs
