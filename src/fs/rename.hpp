// SPDX-License-Identifier: BSL-1.0
#pragma once
// The two kinds of rename(2) that replace nothing by accident. Both return as rename(2) does; ENOSYS, ENOTSUP and EINVAL say
// that the system or the file system has no such thing.

namespace reseal::fs {

/// Fails with EEXIST when there is something at `to`.
int rename_exclusive(int from_folder, const char* from, int to_folder, const char* to);
/// Both must exist; each takes the other's place.
int rename_exchange(int from_folder, const char* from, int to_folder, const char* to);

}  // namespace reseal::fs
