// SPDX-License-Identifier: BSL-1.0
#pragma once
// Metadata of many packages is worked on side by side. A value made of JSON is many times as large as its text, so large ones
// take turns, and memory does not grow with the number of threads.
#include <cstddef>
#include <mutex>

namespace reseal::package {

class Turns {
public:
    /// To be held while a text of so many bytes is worked on.
    std::unique_lock<std::mutex> take(std::size_t bytes) {
        return bytes > large ? std::unique_lock(mutex_) : std::unique_lock<std::mutex>();
    }

private:
    static constexpr std::size_t large = std::size_t{1} << 20;
    std::mutex mutex_;
};

}  // namespace reseal::package
