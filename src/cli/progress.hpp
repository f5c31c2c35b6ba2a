// SPDX-License-Identifier: BSL-1.0
#pragma once
// A line on the terminal for whoever waits: bytes, rate, time left where the size is known. Nothing in the first second.
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace reseal::cli {

class Progress {
public:
    /// `shown`: somebody looks at standard error.
    Progress(bool shown, std::optional<std::uint64_t> total);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { clear(); }

    void advance(std::uint64_t bytes);
    /// Shown with the bytes from the next time on that the line is drawn.
    void files(std::uint64_t done, std::uint64_t total) { files_ = {done, total}; }
    /// Wipes the line, so that a message can take its place.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    void draw(Clock::time_point now);

    bool shown_;
    bool drawn_ = false;
    std::optional<std::uint64_t> total_;
    std::uint64_t done_ = 0;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> files_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point due_ = start_ + std::chrono::seconds(1);
};

/// Whether standard error is a terminal.
bool watched();

}  // namespace reseal::cli
