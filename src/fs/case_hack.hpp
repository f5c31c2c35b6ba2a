// SPDX-License-Identifier: BSL-1.0
#pragma once
// How Nix keeps names apart that differ in case only, on file systems that do not.
#include <map>
#include <string>
#include <string_view>

namespace reseal::fs {

constexpr std::string_view case_hack_suffix = "~nix~case~hack~";

/// The name without the suffix and what follows it.
std::string_view without_case_hack(std::string_view name);

/// The names of one folder that is being restored.
class CaseHack {
public:
    /// What `name` is called on disk. Throws Error (ErrorCode::malformed) naming `path` when that name is taken, too.
    std::string disk_name(const std::string& name, const std::string& path);

private:
    struct Less {
        bool operator()(const std::string& a, const std::string& b) const;  // A-Z as a-z, whatever the locale
    };
    std::map<std::string, int, Less> names_;  // with the number of the last one that was told apart from it
};

}  // namespace reseal::fs
