// SPDX-License-Identifier: BSL-1.0
#pragma once
// What verify calls a file it looks at.
#include <optional>
#include <string>

namespace reseal::cli {

struct Examined {
    std::string path;                  ///< as it was given, or below a folder that was
    std::optional<std::string> entry;  ///< of the archive at `path`
};

}  // namespace reseal::cli
