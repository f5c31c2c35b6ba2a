// SPDX-License-Identifier: BSL-1.0
#include "cli/progress.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

namespace reseal::cli {
namespace {

constexpr auto redraw = std::chrono::milliseconds(200);

/// As a line of 80 columns has room for.
std::string bar(double part, std::size_t width) {
    std::string text(width, ' ');
    const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
    text.replace(0, filled, filled, '#');
    return text;
}

double mib(double bytes) { return bytes / (1024.0 * 1024.0); }

}  // namespace

bool watched() { return ::isatty(STDERR_FILENO) == 1; }

Progress::Progress(bool shown, std::optional<std::uint64_t> total) : shown_(shown), total_(total) {}

void Progress::advance(std::uint64_t bytes) {
    done_ += bytes;
    if (!shown_) return;
    Clock::time_point now = Clock::now();
    if (now < due_) return;
    due_ = now + redraw;
    draw(now);
}

void Progress::draw(Clock::time_point now) {
    double seconds = std::chrono::duration<double>(now - start_).count();
    double done = static_cast<double>(done_);
    double rate = done / seconds;
    std::array<char, 128> line;
    if (total_ && *total_ > 0 && *total_ >= done_) {
        double total = static_cast<double>(*total_);
        double left = rate > 0 ? (total - done) / rate : 0;
        std::snprintf(line.data(), line.size(), "[%s] %.1f of %.1f MiB, %.1f MiB/s, %.0f s left",
                      bar(done / total, files_ ? 8 : 24).c_str(), mib(done), mib(total), mib(rate), left);
    } else {
        std::snprintf(line.data(), line.size(), "%.1f MiB, %.1f MiB/s", mib(done), mib(rate));
    }
    const std::string before =
        files_ ? std::to_string(files_->first) + " of " + std::to_string(files_->second) + " files, " : std::string();
    std::fprintf(stderr, "\r%s%s\033[K", before.c_str(), line.data());
    drawn_ = true;
}

void Progress::clear() {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
}

}  // namespace reseal::cli
