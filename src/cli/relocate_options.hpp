// SPDX-License-Identifier: BSL-1.0
#pragma once
// The options that every command which moves prefixes has in common.
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "relocate/mtime.hpp"

namespace reseal::cli {

struct RelocateOptions {
    // What was asked for; none: what the dialect says, or the default.
    std::optional<Dialect> dialect;
    std::optional<Padding> padding;
    std::optional<Boundary> boundary;
    std::optional<ShebangStyle> shebang;
    bool wide = false;
    std::optional<Platform> platform;  ///< none: what the files' package says, the first program, or the host

    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    std::string mtime_word = "patched+1";
    relocate::MtimePolicy mtime;
    std::vector<std::string> only_words, only;  ///< globs; as CLI11 has them, and as they were given
    unsigned jobs = 0;                          ///< at once; 0: one a processor
    bool sync = false;
    bool dry_run = false;
    bool leftovers = false;
    bool unmanaged = false;
    bool quiet = false;
    std::optional<std::string> report;

    /// How prefixes are sought and replaced.
    PrefixOptions prefixes() const;
    /// Whether somebody asked for that padding.
    bool pads() const { return padding || dialect; }
    /// For a file whose package is of `package` platform, as far as that is known. Mode and name are left to the caller.
    FileOptions file(std::optional<Platform> package = {}) const;
    /// Whether --only lets the file in. `name`: below the prefix. `*` and `?` match slashes too; a glob without a slash is held
    /// against the last name.
    bool wanted(const std::string& name) const;
};

/// Declare them: --pad … --only; what needs a tree on disk; --jobs … -q. `options` must outlive the command line.
void add_file_options(Command command, RelocateOptions& options);
void add_tree_options(Command command, RelocateOptions& options);
void add_run_options(Command command, RelocateOptions& options);
/// All of them.
void add_relocate_options(Command command, RelocateOptions& options);
/// Adds what has to arrive byte for byte, and checks. Throws UsageError.
void complete_relocate_options(RelocateOptions& options, const Words& words);

/// Where the values of --from and --to go; prefix_pairs() has them in their order and byte for byte.
struct PrefixWords {
    std::vector<std::string> from, to;
};
/// Declares --from and --to; `words` must outlive the command line.
void add_prefix_options(Command command, PrefixWords& words, const char* default_to);
/// Each --from with the --to behind it; a missing one is empty. Throws UsageError for a --to without a --from before it.
std::vector<PrefixPair> prefix_pairs(const Words& words);
/// For a tree that will be elsewhere. Throws UsageError for a --to that the current folder would have to complete.
void check_absolute(const std::vector<PrefixPair>& pairs);

}  // namespace reseal::cli
