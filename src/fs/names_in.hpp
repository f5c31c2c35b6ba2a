// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a folder holds, in an order that does not depend on the file system.
#include <string>
#include <vector>

namespace reseal::fs {

/// The names in a folder but `.` and `..`, in the order of their bytes. Throws Error (ErrorCode::io).
std::vector<std::string> names_in(const std::string& folder);

}  // namespace reseal::fs
