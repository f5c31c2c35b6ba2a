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

inline bool same_time(const timespec& one, const timespec& other) {
    return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

}  // namespace reseal::fs
