// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where files are made that nobody shall see.
#include <cstdlib>
#include <string>

namespace reseal::fs {

/// $TMPDIR, else /tmp.
inline std::string temporary_folder() {
    const char* named = std::getenv("TMPDIR");
    return named != nullptr && *named != '\0' ? named : "/tmp";
}

}  // namespace reseal::fs
