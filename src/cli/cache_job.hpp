// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal cache rewrite` of one path: its archive through the Rewriter into the other cache, then its narinfo.
#include <atomic>
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <string>
#include <vector>

#include "cli/bell.hpp"
#include "cli/cache_folder.hpp"
#include "cli/cache_renames.hpp"
#include "cli/exit_status.hpp"
#include "codec/compression.hpp"
#include "store/signing_key.hpp"

namespace reseal::cli {

/// What all paths have in common.
struct CachePlan {
    const CacheFolder& source;
    const CacheFolder& destination;
    const Renames& renames;
    Rules rules;
    Options options;
    std::optional<codec::Choice> compress;  // none: as the source is
    std::optional<store::SigningKey> key;
};

/// What became of one path.
struct CacheOutcome {
    ExitStatus status = failed;
    std::vector<std::string> messages;
    std::vector<std::string> notes;
    std::uint64_t substitutions = 0;
    std::uint64_t images = 0;  // resealed
    bool renamed = false;
    bool trusted = false;   // signed or content-addressed
    bool hopeless = false;  // so will be the next: the disk, not the archive
};

/// Thrown when others are told to stop.
class Stopped {};

/// How far all of them are, seen from outside.
struct CacheProgress {
    std::atomic<bool> stop = false;
    std::atomic<std::uint64_t> bytes = 0;  // of unpacked archives
    Bell bell;                             // rings every MiB
};

/// What the narinfo of `source` becomes, but for its archive: renamed.
store::NarInfo renamed(const store::NarInfo& source, const Renames& renames);

/// Whether an earlier run has published `wanted` already.
bool finished(const CachePlan& plan, const store::NarInfo& wanted, const std::string& compression);

/// Throws Stopped, once `progress` says so; every other failure is in the outcome. Several at a time.
CacheOutcome rewrite_path(const CachePlan& plan, const store::NarInfo& source, CacheProgress& progress);

}  // namespace reseal::cli
