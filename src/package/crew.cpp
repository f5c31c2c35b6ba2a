// SPDX-License-Identifier: BSL-1.0
#include "package/crew.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace reseal::package {
namespace {

constexpr std::size_t chunk_size = std::size_t{256} * 1024;
constexpr std::size_t max_waiting = 512;  // files; each holds its folder open

}  // namespace

std::string_view Crew::Contents::read() {
    if (whole_) return std::exchange(given_, true) ? std::string_view() : chunk_;
    std::unique_lock lock(crew_->mutex_);
    crew_->held_ -= chunk_.size();
    crew_->room_.notify_one();
    chunk_.clear();
    crew_->more_.wait(lock, [&] { return !chunks_.empty() || ended_ || crew_->closed_ || crew_->failure_; });
    if (chunks_.empty()) {
        if (!ended_) throw Stopped();
        return {};
    }
    chunk_ = std::move(chunks_.front());
    chunks_.pop_front();
    return chunk_;
}

Crew::Crew(unsigned jobs, Work work) : work_(std::move(work)) {
    const unsigned wanted = jobs == 0 ? std::max(1u, std::thread::hardware_concurrency()) : jobs;
    try {
        while (threads_.size() < wanted) threads_.emplace_back([this] { run(); });
    } catch (const std::system_error&) {
        if (threads_.empty()) throw;  // those that there are do it all
    }
}

Crew::~Crew() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        waiting_.clear();
    }
    more_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Crew::begin(FileTask task) {
    open_ = std::make_shared<Contents>();
    open_->crew_ = this;
    open_->task_ = std::move(task);
    queued_ = false;
    gathered_.clear();
}

void Crew::write(std::string_view bytes) {
    gathered_ += bytes;
    if (gathered_.size() > small_file || (queued_ && gathered_.size() >= chunk_size)) hand_over(false);
}

void Crew::end() {
    hand_over(true);
    open_.reset();
}

void Crew::hand_over(bool last) {
    std::unique_lock lock(mutex_);
    const auto has_room = [&] { return held_ == 0 || held_ + gathered_.size() <= max_held; };
    room_.wait(lock, [&] { return failure_ || (has_room() && (queued_ || waiting_.size() < max_waiting)); });
    if (failure_) std::rethrow_exception(failure_);
    held_ += gathered_.size();
    open_->ended_ = last;
    if (!queued_ && last) {
        open_->whole_ = true;
        open_->chunk_ = std::move(gathered_);
    } else if (!gathered_.empty()) {
        open_->chunks_.push_back(std::move(gathered_));
    }
    gathered_ = {};
    if (!std::exchange(queued_, true)) waiting_.push_back(open_);
    lock.unlock();
    more_.notify_all();
}

void Crew::wait() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return failure_ || (waiting_.empty() && busy_ == 0); });
    if (failure_) std::rethrow_exception(failure_);
}

void Crew::fail(std::exception_ptr failure) {
    if (!failure_) failure_ = std::move(failure);
    waiting_.clear();
}

void Crew::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        more_.wait(lock, [&] { return !waiting_.empty() || closed_; });
        if (waiting_.empty()) return;
        const Job job = std::move(waiting_.front());
        waiting_.pop_front();
        ++busy_;
        lock.unlock();
        std::exception_ptr failure;
        try {
            work_(job->task_, *job);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        --busy_;
        held_ -= job->chunk_.size();
        for (const std::string& chunk : job->chunks_) held_ -= chunk.size();
        job->chunks_.clear();
        if (failure) fail(failure);
        room_.notify_all();
        if (failure) more_.notify_all();
    }
}

}  // namespace reseal::package
