// SPDX-License-Identifier: BSL-1.0
#pragma once
// Homebrew's INSTALL_RECEIPT.json, or the tab in a bottle's manifest: which files of a bottle hold what. Lists that an older
// Homebrew did not write are missing, which is something else than empty.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::package {

struct Receipt {
    using Paths = std::optional<std::vector<std::string>>;  ///< below the bottle's NAME/VERSION, see record_path()

    Paths changed_files;            ///< text files with placeholders in them
    Paths linkage_files;            ///< programs with placeholders in install names, rpaths, library paths
    Paths binary_relocation_files;  ///< binary files that hold built_prefix
    std::string built_prefix;       ///< where it was built; empty where nobody says
    std::string arch;               ///< arm64, x86_64, or empty
    bool linux_ = false;            ///< built on Linux
    std::string preferred_perl;     ///< "5.34", of the system it was built on; or empty
    std::string openjdk;            ///< the openjdk formula among its dependencies, or empty
    bool perl = false;              ///< whether the perl formula is among them
    bool operator==(const Receipt&) const = default;
};

inline constexpr std::size_t max_receipt = std::size_t{16} << 20;  ///< bytes

/// Throws Error (ErrorCode::malformed, entry `file`) that names the key, for a wrong type, a path that leads out of the bottle,
/// or a prefix that is none.
Receipt parse_receipt(std::string_view text, const std::string& file);

}  // namespace reseal::package
