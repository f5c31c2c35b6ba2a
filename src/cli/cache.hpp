// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal cache keygen`, `add` and `rewrite`: binary caches that Nix reads from a folder.
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

#include "codec/compression.hpp"
#include "store/signing_key.hpp"

namespace reseal::cli {

struct CacheArguments {
    Command keygen;
    Command add;
    Command rewrite;
    std::vector<std::string> operands;  // NAME SECRET PUBLIC, CACHE, or SRC DST
    std::vector<std::string> from;
    std::string store_dir, real_store;
    std::string compress_word;
    std::optional<codec::Choice> compress;  // none: as the source is
    std::string key;
    std::vector<Rule> renames;  // old path, new path
    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    NamePolicy names = NamePolicy::refuse;
    unsigned jobs = 0;
    bool quiet = false;
};

/// Declares the sub-commands; parsing fills `arguments`, which must outlive the command line.
Command add_cache(Command app, CacheArguments& arguments);
/// Adds what parsing leaves aside, and checks what goes together. Throws UsageError; opens nothing.
void complete_cache(CacheArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_cache(const CacheArguments& arguments);

// One file each.
Command add_cache_keygen(Command cache, CacheArguments& arguments);
Command add_cache_add(Command cache, CacheArguments& arguments);
Command add_cache_rewrite(Command cache, CacheArguments& arguments);
ExitStatus run_cache_keygen(const CacheArguments& arguments);
ExitStatus run_cache_add(const CacheArguments& arguments);
ExitStatus run_cache_rewrite(const CacheArguments& arguments);

/// Says so when Nix would not take so many paths.
void note_untrusted(std::uint64_t paths);

/// The key in `path`, with a word to the user when others may read it; none when `path` is empty.
std::optional<store::SigningKey> signing_key(const std::string& path);

}  // namespace reseal::cli
