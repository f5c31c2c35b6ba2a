// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal cache keygen`, `add` and `rewrite`: binary caches that Nix reads from a folder.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/words.hpp"
#include "codec/compression.hpp"
#include "store/signing_key.hpp"

namespace reseal::cli {

struct CacheArguments {
    const CLI::App* keygen = nullptr;
    const CLI::App* add = nullptr;
    const CLI::App* rewrite = nullptr;
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

/// Declares the sub-commands; parsing fills `arguments`, which must outlive `app`.
CLI::App* add_cache(CLI::App& app, CacheArguments& arguments);
/// Adds what CLI11 did not see, and checks what goes together. Throws UsageError; opens nothing.
void complete_cache(CacheArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_cache(const CacheArguments& arguments);

// One file each.
const CLI::App* add_cache_keygen(CLI::App& cache, CacheArguments& arguments);
const CLI::App* add_cache_add(CLI::App& cache, CacheArguments& arguments);
const CLI::App* add_cache_rewrite(CLI::App& cache, CacheArguments& arguments);
ExitStatus run_cache_keygen(const CacheArguments& arguments);
ExitStatus run_cache_add(const CacheArguments& arguments);
ExitStatus run_cache_rewrite(const CacheArguments& arguments);

/// Says so when Nix would not take so many paths.
void note_untrusted(std::uint64_t paths);

/// The key in `path`, with a word to the user when others may read it; none when `path` is empty.
std::optional<store::SigningKey> signing_key(const std::string& path);

}  // namespace reseal::cli
