// SPDX-License-Identifier: BSL-1.0
#pragma once
// The options that every command which moves prefixes has in common.
#include <CLI/CLI.hpp>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "cli/words.hpp"
#include "relocate/mtime.hpp"

namespace reseal::cli {

struct RelocateOptions {
    // What was asked for; none: what the dialect says, or the default.
    std::optional<Dialect> dialect;
    std::optional<Padding> padding;
    std::optional<Boundary> boundary;
    std::optional<ShebangStyle> shebang;
    bool wide = false;
    std::optional<Platform> platform;  ///< none: what the files' package says, or the host

    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    std::string mtime_word = "patched+1";
    relocate::MtimePolicy mtime;
    std::vector<std::string> only;  ///< globs
    unsigned jobs = 0;              ///< at once; 0: one a processor
    bool sync = false;
    bool dry_run = false;
    bool leftovers = false;
    bool unmanaged = false;
    bool quiet = false;
    std::optional<std::string> report;

    /// How prefixes are sought and replaced.
    PrefixOptions prefixes() const;
    /// For a file whose package is of `package` platform, as far as that is known. Mode and name are left to the caller.
    FileOptions file(std::optional<Platform> package = {}) const;
    /// Whether --only lets the file in. `name`: below the prefix. `*` and `?` match slashes too; a glob without a slash is held
    /// against the last name.
    bool wanted(const std::string& name) const;
};

/// Declares them; `options` must outlive `command`.
void add_relocate_options(CLI::App& command, RelocateOptions& options);
/// Adds what CLI11 does not see byte for byte, and checks. Throws UsageError.
void complete_relocate_options(RelocateOptions& options, const Words& words);

/// Declares --from and --to.
void add_prefix_options(CLI::App& command, const char* default_to);
/// Each --from with the --to behind it; a missing one is empty. Throws UsageError for a --to without a --from before it.
std::vector<PrefixPair> prefix_pairs(const Words& words);

}  // namespace reseal::cli
