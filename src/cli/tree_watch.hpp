// SPDX-License-Identifier: BSL-1.0
#pragma once
// Looks at the work on a tree from a thread of its own: for the terminal, and for signals.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "cli/interruption.hpp"
#include "relocate/tree_effort.hpp"

namespace reseal::cli {

/// While it lives a signal that ends programs sets effort.stop, and takes effect when `interruption` goes.
class TreeWatch {
public:
    /// Both must outlive it.
    TreeWatch(const Interruption& interruption, relocate::TreeEffort& effort, bool shown);
    TreeWatch(const TreeWatch&) = delete;
    TreeWatch& operator=(const TreeWatch&) = delete;
    ~TreeWatch();

private:
    void run(bool shown);

    const Interruption& interruption_;
    relocate::TreeEffort& effort_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace reseal::cli
