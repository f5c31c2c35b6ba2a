// SPDX-License-Identifier: BSL-1.0
#pragma once
// The threads of `reseal cache rewrite`.
#include <cstdint>
#include <memory>
#include <vector>

#include "cli/cache_job.hpp"
#include "cli/interruption.hpp"

namespace reseal::cli {

/// Threads that take the next path as long as there is one. When the object goes they stop where they are, and are gone.
class CacheCrew {
public:
    /// All of it must outlive the crew.
    CacheCrew(const CachePlan& plan, const std::vector<store::NarInfo>& paths, unsigned jobs);
    CacheCrew(const CacheCrew&) = delete;
    CacheCrew& operator=(const CacheCrew&) = delete;
    ~CacheCrew();

    /// Until there is something new to be seen, or throws Interrupted.
    void wait(const Interruption& interruption);
    /// Whether no thread is at work any more; ask before the last take().
    bool done() const;
    /// Of unpacked archives, so far.
    std::uint64_t bytes() const;
    /// What has been finished since the last call.
    std::vector<CacheOutcome> take();
    /// No further paths; those that are under way are given up.
    void stop();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace reseal::cli
