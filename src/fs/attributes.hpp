// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a file has besides its bytes, for a new file that takes the place of an old one.
#include <string>

namespace reseal::fs {

/// Gives the file `to` the owner, the permissions and the extended attributes (access lists are among them) of the file `from`.
/// Where only the superuser may do that it gets what we may give, and never a set-id bit with another owner or group. Times are
/// left. Throws Error (ErrorCode::io) naming `name`.
void copy_attributes(int from, int to, const std::string& name);

}  // namespace reseal::fs
