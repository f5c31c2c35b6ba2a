// SPDX-License-Identifier: BSL-1.0
#include "cli/tree_watch.hpp"

#include <chrono>
#include <optional>

#include "cli/progress.hpp"

namespace reseal::cli {
namespace {

constexpr auto interval = std::chrono::milliseconds(50);

}  // namespace

TreeWatch::TreeWatch(const Interruption& interruption, relocate::TreeEffort& effort, bool shown)
    : interruption_(interruption), effort_(effort), thread_([this, shown] { run(shown); }) {}

TreeWatch::~TreeWatch() {
    {
        const std::lock_guard<std::mutex> held(mutex_);
        over_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void TreeWatch::run(bool shown) {
    std::optional<Progress> progress;
    std::uint64_t drawn = 0;
    std::unique_lock<std::mutex> held(mutex_);
    while (!wake_.wait_for(held, interval, [this] { return over_; })) {
        if (interruption_.pending()) effort_.stop = true;
        if (effort_.files_wanted == 0) continue;
        if (!progress) progress.emplace(shown, effort_.bytes_wanted);
        progress->files(effort_.files, effort_.files_wanted);
        const std::uint64_t bytes = effort_.bytes;
        progress->advance(bytes - drawn);
        drawn = bytes;
    }
}

}  // namespace reseal::cli
