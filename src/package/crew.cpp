// SPDX-License-Identifier: BSL-1.0
#include "package/crew.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <reseal/error.hpp>
#include <system_error>
#include <utility>

#include "fs/io_error.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t head_size = 64;
constexpr std::size_t chunk_size = std::size_t{256} * 1024;
// Waking a thread costs as much as writing a small file.
constexpr std::size_t batch_bytes = chunk_size;
// Files; each holds its folder open.
constexpr std::size_t max_waiting = 256, max_in_batches = 128;

}  // namespace

/// Without a word to anybody: what stands in the archive's file needs no room here.
std::string_view Crew::Contents::read_range(std::size_t count) {
    from_range_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(range_->size, count)));
    for (std::size_t done = 0; done < from_range_.size();) {
        const ssize_t got = ::pread(range_->file->get(), from_range_.data() + done, from_range_.size() - done,
                                    static_cast<off_t>(range_->offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw fs::io_error(range_->name, "read");
        if (got == 0) throw Error(ErrorCode::io, "became shorter while it was read", range_->name);
        done += static_cast<std::size_t>(got);
    }
    return from_range_;
}

std::string_view Crew::Contents::peek() { return read_range(head_size); }

std::string_view Crew::Contents::read() {
    if (range_) {
        const std::string_view bytes = read_range(whole_ ? small_file : chunk_size);
        range_->offset += bytes.size();
        range_->size -= bytes.size();
        return bytes;
    }
    if (whole_) return std::exchange(given_, true) ? std::string_view() : chunk_;
    std::unique_lock lock(crew_->mutex_);
    crew_->returned(std::exchange(chunk_, {}));
    crew_->arrived_.wait(lock, [&] { return !chunks_.empty() || ended_ || crew_->closed_ || crew_->failure_; });
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
    batch_files_ = std::clamp<std::size_t>(max_in_batches / wanted, 1, 16);
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
    arrived_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Crew::begin(FileTask task) {
    open_ = std::make_shared<Contents>();
    open_->crew_ = this;
    open_->task_ = std::move(task);
    queued_ = false;
    if (!streamed()) gathered_.reserve(static_cast<std::size_t>(open_->task_.entry.size.value_or(0)));
}

/// Whether the open file is handed over in chunks: it is too large, or says that it will be.
bool Crew::streamed() const { return queued_ || open_->task_.entry.size.value_or(0) > small_file; }

void Crew::write(std::string_view bytes) {
    while (!bytes.empty()) {
        if (streamed() && gathered_.capacity() < chunk_size) gathered_ = empty_chunk();
        const std::size_t wanted = streamed() ? chunk_size : small_file + 1;
        const std::size_t count = std::min(bytes.size(), wanted - std::min(gathered_.size(), wanted));
        gathered_ += bytes.substr(0, count);
        bytes.remove_prefix(count);
        if (gathered_.size() >= wanted) hand_over_chunk(false);
    }
}

std::string Crew::empty_chunk() {
    std::string chunk;
    const std::lock_guard lock(mutex_);
    if (spare_.empty()) {
        chunk.reserve(chunk_size);
    } else {
        chunk = std::move(spare_.back());
        spare_.pop_back();
    }
    return chunk;
}

void Crew::end() {
    if (streamed()) {
        hand_over_chunk(true);
    } else {
        const std::size_t bytes = gathered_.size();
        batch_bytes_ += bytes;
        open_->chunk_ = std::exchange(gathered_, {});
        open_->whole_ = open_->ended_ = true;
        join_batch(std::move(open_), bytes);
    }
    open_.reset();
}

void Crew::add(FileTask task, FileRange range) {
    Job job = std::make_shared<Contents>();
    job->crew_ = this;
    job->task_ = std::move(task);
    const std::uint64_t bytes = range.size;
    job->whole_ = bytes <= small_file;
    job->range_ = std::move(range);
    join_batch(std::move(job), bytes);
}

void Crew::join_batch(Job job, std::uint64_t bytes) {
    batch_.push_back(std::move(job));
    batch_work_ += bytes;
    if (batch_work_ >= batch_bytes || batch_.size() >= batch_files_) hand_over_batch();
}

/// Once the room is used up, waits for half of it: each time that it has to be woken costs something.
void Crew::make_room(std::unique_lock<std::mutex>& lock, bool more_files) {
    const auto has_room = [&](std::size_t bytes, std::size_t files) {
        return failure_ || ((held_ == 0 || held_ <= bytes) && (!more_files || files_waiting_ <= files));
    };
    if (!has_room(max_held - small_file - batch_bytes, max_waiting)) {
        reader_waits_ = true;
        room_.wait(lock, [&] { return has_room(max_held / 2, max_waiting / 2); });
        reader_waits_ = false;
    }
    if (failure_) std::rethrow_exception(failure_);
}

void Crew::hand_over_chunk(bool last) {
    if (!queued_) hand_over_batch();
    std::unique_lock lock(mutex_);
    make_room(lock, !queued_);
    held_ += gathered_.size();
    open_->ended_ = last;
    if (!gathered_.empty()) open_->chunks_.push_back(std::move(gathered_));
    gathered_ = {};
    const bool first = !std::exchange(queued_, true);
    if (first) {
        waiting_.push_back({open_});
        ++files_waiting_;
    }
    const bool wake = first && idle_ > 0;
    lock.unlock();
    if (wake) more_.notify_one();
    if (!first) arrived_.notify_one();
}

void Crew::hand_over_batch() {
    if (batch_.empty()) return;
    std::unique_lock lock(mutex_);
    make_room(lock, true);
    held_ += std::exchange(batch_bytes_, 0);
    batch_work_ = 0;
    files_waiting_ += batch_.size();
    waiting_.push_back(std::exchange(batch_, {}));
    const bool wake = idle_ > 0;
    lock.unlock();
    if (wake) more_.notify_one();
}

void Crew::wait() {
    hand_over_batch();
    std::unique_lock lock(mutex_);
    reader_waits_ = true;
    room_.wait(lock, [&] { return failure_ || (waiting_.empty() && busy_ == 0); });
    reader_waits_ = false;
    if (failure_) std::rethrow_exception(failure_);
}

/// A chunk that is done with.
void Crew::returned(std::string chunk) {
    held_ -= chunk.size();
    chunk.clear();
    if (chunk.capacity() == chunk_size && spare_.size() < max_held / chunk_size) spare_.push_back(std::move(chunk));
    told_of_room();
}

void Crew::told_of_room() {
    if (reader_waits_) room_.notify_one();
}

void Crew::fail(std::exception_ptr failure) {
    if (!failure_) failure_ = std::move(failure);
    waiting_.clear();
    files_waiting_ = 0;
}

void Crew::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        more_.wait(lock, [&] { return !waiting_.empty() || closed_; });
        --idle_;
        if (waiting_.empty()) return;
        Batch batch = std::move(waiting_.front());
        waiting_.pop_front();
        files_waiting_ -= batch.size();
        ++busy_;
        work(batch, lock);
        --busy_;
        told_of_room();
    }
}

void Crew::work(Batch& batch, std::unique_lock<std::mutex>& lock) {
    for (Job& job : batch) {
        if (failure_ || closed_) return;
        lock.unlock();
        std::exception_ptr failure;
        try {
            work_(job->task_, *job);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        returned(std::exchange(job->chunk_, {}));
        for (std::string& chunk : job->chunks_) returned(std::move(chunk));
        job->chunks_.clear();
        if (!failure) continue;
        fail(failure);
        arrived_.notify_all();
    }
}

}  // namespace reseal::package
