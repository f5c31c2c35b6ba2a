// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_crew.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace reseal::cli {

class CacheCrew::Work {
public:
    Work(const CachePlan& plan, const std::vector<store::NarInfo>& paths, std::size_t jobs)
        : plan_(plan), paths_(paths), at_work_(jobs) {
        try {
            for (std::size_t i = 0; i < jobs; ++i) threads_.emplace_back([this] { run(); });
        } catch (...) {
            progress.stop = true;  // those that have begun, which are joined now
            throw;
        }
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() { progress.stop = true; }  // then the threads, which are the last member, are joined

    bool done() const { return at_work_ == 0; }
    std::vector<CacheOutcome> take() {
        const std::lock_guard<std::mutex> held(mutex_);
        return std::exchange(outcomes_, {});
    }

    CacheProgress progress;

private:
    void run() {
        try {
            for (std::size_t i = next_++; i < paths_.size() && !progress.stop; i = next_++)
                put(rewrite_path(plan_, paths_[i], progress));
        } catch (const Stopped&) {
            progress.stop = true;  // it was
        } catch (const std::exception& error) {
            CacheOutcome outcome;
            outcome.messages.emplace_back(error.what());
            outcome.hopeless = true;
            put(std::move(outcome));
        }
        --at_work_;
        progress.bell.ring();
    }

    void put(CacheOutcome outcome) {
        const std::lock_guard<std::mutex> held(mutex_);
        outcomes_.push_back(std::move(outcome));
        progress.bell.ring();
    }

    const CachePlan& plan_;
    const std::vector<store::NarInfo>& paths_;
    std::mutex mutex_;
    std::vector<CacheOutcome> outcomes_;
    std::atomic<std::size_t> next_ = 0, at_work_;
    std::vector<std::jthread> threads_;
};

CacheCrew::CacheCrew(const CachePlan& plan, const std::vector<store::NarInfo>& paths, unsigned jobs)
    : work_(std::make_unique<Work>(plan, paths, std::min<std::size_t>(jobs, paths.size()))) {}
CacheCrew::~CacheCrew() = default;

void CacheCrew::wait(const Interruption& interruption) {
    interruption.wait(work_->progress.bell.descriptor());
    work_->progress.bell.quiet();
}
bool CacheCrew::done() const { return work_->done(); }
std::uint64_t CacheCrew::bytes() const { return work_->progress.bytes; }
std::vector<CacheOutcome> CacheCrew::take() { return work_->take(); }
void CacheCrew::stop() { work_->progress.stop = true; }

}  // namespace reseal::cli
