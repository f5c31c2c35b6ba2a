// SPDX-License-Identifier: BSL-1.0
#pragma once
// Two systems, two names for each of these fields.
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

/// When anything about the file was last changed.
inline timespec status_changed(const struct stat& status) {
#if defined(__APPLE__)
    return status.st_ctimespec;
#else
    return status.st_ctim;
#endif
}

}  // namespace reseal::fs
