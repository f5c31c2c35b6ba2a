// SPDX-License-Identifier: BSL-1.0
#pragma once
// What becomes of the files of an archive on their way to the disk: what is known of a file when it comes is done with it there
// and then; what is known later makes it be read once more.
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "package/crew.hpp"
#include "package/laid_file.hpp"
#include "package/staging.hpp"
#include "relocate/former_file.hpp"
#include "relocate/mtime.hpp"
#include "relocate/tree_plan.hpp"

namespace reseal::package {

/// What is to be done with a file.
struct FileOrder {
    Prefixes prefixes;  ///< empty: nothing but looking at its digest
    Prefixes linkage;   ///< see FileOptions; for a file that is read again
    FileMode mode = FileMode::unknown;
    std::optional<std::string> sha256;  ///< that it has to have as it comes, 32 bytes
    std::optional<std::uint64_t> size;  ///< likewise
    std::vector<std::string> known;     ///< digests one of which it should have
    /// Where metadata claims that the prefix stands. What is sought goes first; that the two differ is a note.
    std::optional<std::vector<PrefixField>> claimed;
    bool sha256_before = false;  ///< tell the digest of what came
    bool sha256_after = false;   ///< tell the digest of what is laid down, also where nothing changes
    /// It was moved before, and this is remembered of it; `prefixes` are those of package::NextMove.
    std::shared_ptr<const relocate::Remembered> remembered;
    std::optional<timespec> package_time;  ///< when its package was made
    std::optional<Platform> platform;      ///< whose kernel it is for, where its package says
    std::string archive;                   ///< whose metadata it is, as messages name it
    /// Whether what becomes of its bytes is known when the next few have come, and their number stays.
    bool changes_as_it_flows() const;
};

using FileOrders = std::unordered_map<std::string, FileOrder>;

struct MovedFile {
    std::string path;
    FileRelocation what;
    bool read_again = false;
    relocate::FormerFile former;  ///< of one that changed
    Prefixes prefixes;            ///< by which it moved
    /// Digest and size of one that is remembered, as it came: it is moved from what it was before. None: of any other.
    std::string sha256_came = {};
    std::uint64_t size_came = 0;
    /// What was done, where `what` is what was planned: some of it only the plan tells.
    void finish(FileRelocation done);
    bool is_to_be_remembered() const { return !what.refused && (what.changed || !sha256_came.empty()); }
};

class FileMover {
public:
    /// `options`: for every file; its name and mode are set here. `platform_known`: that in them was asked for; else a file
    /// whose order has none, and of which the platform makes another, waits until decide_platform().
    FileMover(Staging& staging, FileOptions options, relocate::MtimePolicy mtime, bool platform_known)
        : staging_(staging), options_(std::move(options)), mtime_(mtime), platform_known_(platform_known) {}

    /// For files that come from now on. Not while some are on their way. `rest`: for those that `orders` does not name; none:
    /// they are laid down as they are.
    /// `wanted`: which of those are moved; none: all.
    void expect(FileOrders orders, std::optional<FileOrder> rest, std::function<bool(const std::string&)> wanted = {});

    /// What a crew does with a file. Throws Error: ErrorCode::malformed for a file that is not the one it has to be.
    void operator()(const FileTask& task, Crew::Contents& contents);

    /// Whether files wait for that.
    bool awaits_platform() const { return awaits_platform_; }
    /// Of the first program or library that came; none: there was none. All files have to be there.
    std::optional<Platform> platform_of_programs() const;
    /// Of all files from now on whose order has none, unless one was asked for.
    void decide_platform(Platform platform);

    /// A file that no archive holds.
    void make(const Entry& entry, std::string_view bytes, const FileOrder& order);

    /// Other contents for a file that is laid down.
    void replace(const std::string& path, std::string_view bytes);

    /// Those that were too large to be searched when they came, and `more`, are searched where they are.
    /// `stop` is asked before each, and true ends it by Stopped.
    void catch_up(const FileOrders& more, unsigned jobs, const std::function<bool()>& stop);

    /// All files that an order said something of, by path.
    const std::map<std::string, MovedFile>& done() const { return done_; }

private:
    // `first`: the contents' first chunk, which is read already.
    void copy(const FileTask& task, const FileRange& range) const;
    void keep(const FileTask& task, std::string_view first, Crew::Contents& contents, const FileOrder* order);
    void keep_for_later(const FileTask& task, std::string_view first, Crew::Contents& contents, const FileOrder& order);
    void move_whole(const FileTask& task, std::string_view bytes, const FileOrder& order);
    void move_stream(const FileTask& task, std::string_view first, Crew::Contents& contents, const FileOrder& order);
    void look_for_program(const FileTask& task, std::string_view head);
    bool must_await_platform(const std::string& path, std::string_view first, bool whole, const FileOrder& order) const;
    void move_again(const std::string& path, const FileOrder& order);
    void move_in_place(const LaidFile& file, const FileOrder& order);
    void move_remembered(const LaidFile& old, const FileOrder& order);
    void tell_digest(const FileOrder& order, const Source& file, MovedFile& moved) const;
    template <class Write>
    void put_in_place(const LaidFile& old, const FileOrder& order, Write write);
    FileOptions options_for(const std::string& path, const FileOrder& order) const;
    void check(const FileOrder& order, FileRelocation& what, const std::string& path) const;
    void dress(const fs::Descriptor& file, const Entry& entry, const FileOrder& order, bool changed) const;
    void note(MovedFile file);

    Staging& staging_;
    FileOptions options_;
    relocate::MtimePolicy mtime_;
    bool platform_known_ = false;
    std::atomic<bool> awaits_platform_ = false;
    FileOrders orders_;
    std::optional<FileOrder> rest_;
    std::function<bool(const std::string&)> wanted_;  // of the rest
    std::mutex mutex_;
    std::map<std::string, MovedFile> done_;
    FileOrders later_;                                         // by path
    std::optional<std::pair<std::size_t, Platform>> program_;  // the first that came: its number, and what it is for
};

}  // namespace reseal::package
