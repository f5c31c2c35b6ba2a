// SPDX-License-Identifier: BSL-1.0
#pragma once
// Two systems, two names for one field.
#include <sys/stat.h>

namespace reseal::fs {

/// When the file's bytes were last changed.
inline timespec modified(const struct stat& status) {
#if defined(__APPLE__)
    return status.st_mtimespec;
#else
    return status.st_mtim;
#endif
}

}  // namespace reseal::fs
