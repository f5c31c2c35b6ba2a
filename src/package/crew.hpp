// SPDX-License-Identifier: BSL-1.0
#pragma once
// Files on their way from the one thread that reads an archive to those that write: of what waits, never more than a fixed
// amount is held.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "package/file_range.hpp"
#include "package/staging.hpp"
#include "package/stream.hpp"

namespace reseal::package {

/// What is to be done with one file.
struct FileTask {
    std::size_t number = 0;  ///< which of all files
    Entry entry;
    Staging::Folder folder;  ///< where it comes
    std::string name;        ///< in that folder
};

class Crew {
public:
    /// Files up to here are handed over whole, several at once.
    static constexpr std::size_t small_file = std::size_t{1} << 20;
    /// Bytes that wait for a writer.
    static constexpr std::size_t max_held = std::size_t{32} << 20;

    /// The contents as a writer gets them.
    class Contents final : public Stream {
    public:
        /// Whether read() gives all of it at once.
        bool whole() const { return whole_; }
        /// Where all of it stands, unless something was read; and its first bytes, which are not read by that.
        const std::optional<FileRange>& range() const { return range_; }
        std::string_view peek();
        /// Its chunks; throws Stopped when there will be no more because something else failed.
        std::string_view read() override;

    private:
        std::string_view read_range(std::size_t count);

        friend class Crew;
        Crew* crew_ = nullptr;
        FileTask task_;
        std::deque<std::string> chunks_;  // those that wait
        std::string chunk_;               // the one handed out
        bool whole_ = false, ended_ = false, given_ = false;
        std::optional<FileRange> range_;  // what is still to be read
        std::string from_range_;
    };
    using Work = std::function<void(const FileTask&, Contents&)>;

    /// `work` is called by several threads; what the first throws ends everything.
    Crew(unsigned jobs, Work work);
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;
    ~Crew();

    // For the one thread that reads. All throw what a writer threw.
    void begin(FileTask task);
    void write(std::string_view bytes);
    void end();
    /// A file with these contents, instead of the three.
    void add(FileTask task, FileRange range);
    /// All files that were ended are done when it returns.
    void wait();

private:
    using Job = std::shared_ptr<Contents>;
    using Batch = std::vector<Job>;  // for one thread

    bool streamed() const;
    std::string empty_chunk();
    void join_batch(Job job, std::uint64_t bytes);
    void hand_over_chunk(bool last);
    void hand_over_batch();
    void make_room(std::unique_lock<std::mutex>& lock, bool more_files);
    void returned(std::string chunk);
    void told_of_room();
    void run();
    void work(Batch& batch, std::unique_lock<std::mutex>& lock);
    void fail(std::exception_ptr failure);

    Work work_;
    std::mutex mutex_;
    std::condition_variable room_;     // the reading thread waits for it
    std::condition_variable more_;     // threads without a file
    std::condition_variable arrived_;  // the one thread that has the file which is being read
    std::deque<Batch> waiting_;
    std::vector<std::string> spare_;  // chunks to be used again
    std::size_t held_ = 0, busy_ = 0, files_waiting_ = 0, idle_ = 0;
    bool closed_ = false, reader_waits_ = false;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
    // Of the reading thread.
    std::size_t batch_files_ = 1;
    Batch batch_;  // whole files
    std::size_t batch_bytes_ = 0;
    std::uint64_t batch_work_ = 0;  // these, and those of ranges
    Job open_;
    std::string gathered_;
    bool queued_ = false;
};

}  // namespace reseal::package
