// SPDX-License-Identifier: BSL-1.0
#pragma once
// How far the work on a tree has come, for whoever waits in another thread, and whether to give it up.
#include <atomic>
#include <cstdint>

namespace reseal::relocate {

struct TreeEffort {
    std::atomic<std::uint64_t> files_wanted = 0, bytes_wanted = 0;  ///< to be read, once that is known
    std::atomic<std::uint64_t> files = 0, bytes = 0;                ///< done with
    std::atomic<bool> stop = false;  ///< set by whoever waits: what is under way comes to its end

    void begin(std::uint64_t wanted_files, std::uint64_t wanted_bytes) {
        bytes_wanted += wanted_bytes;
        files_wanted += wanted_files;  // last: whoever sees it sees both
    }
    void done(std::uint64_t size) {
        ++files;
        bytes += size;
    }
};

}  // namespace reseal::relocate
