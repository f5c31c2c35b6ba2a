// SPDX-License-Identifier: BSL-1.0
#include "package/file_mover.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "digest/digest.hpp"
#include "fs/copy_bytes.hpp"
#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "fs/parallel.hpp"
#include "fs/temporary_name.hpp"
#include "fs/write_all.hpp"
#include "package/file_patch.hpp"
#include "package/safe_path.hpp"
#include "relocate/file_kind.hpp"
#include "relocate/planned_again.hpp"
#include "relocate/platform.hpp"
#include "relocate/source_chunks.hpp"
#include "relocate/tree_relocation.hpp"

namespace reseal::package {
namespace {

using fs::Descriptor;

class DescriptorSink final : public Sink {
public:
    DescriptorSink(const Descriptor& file, std::string name) : file_(file), name_(std::move(name)) {}
    void write(std::string_view bytes) override { fs::write_all(file_.get(), bytes, name_); }

private:
    const Descriptor& file_;
    std::string name_;
};

constexpr std::size_t max_first_line = std::size_t{64} * 1024;

Time time_of(const timespec& time) { return {time.tv_sec, time.tv_nsec}; }

std::string sha256_of(std::string_view bytes) { return std::string(digest::digest(HashType::sha256, bytes).bytes()); }

/// The offset of the first prefix that only one of the two knows.
std::optional<std::uint64_t> first_difference(const std::vector<PrefixField>& claimed, const std::vector<PrefixField>& found) {
    const auto same = [](const PrefixField& a, const PrefixField& b) {
        return a.offset == b.offset && a.encoding == b.encoding;
    };
    const auto [claim, field] = std::mismatch(claimed.begin(), claimed.end(), found.begin(), found.end(), same);
    if (claim == claimed.end() && field == found.end()) return {};
    if (claim == claimed.end()) return field->offset;
    return field == found.end() ? claim->offset : std::min(claim->offset, field->offset);
}

/// Whether what becomes of its bytes is known when the next few have come, and their number stays.
bool changes_as_it_flows(const FileOrder& order) {
    const Padding padding = order.prefixes.options().padding;
    return order.mode == FileMode::binary && order.linkage.empty() && (padding == Padding::slash || padding == Padding::refuse);
}

/// A file as it was laid down.
Entry entry_of(const std::string& path, const struct stat& status) {
    Entry entry;
    entry.path = path;
    entry.mode = status.st_mode & 0777u;
    entry.modified = time_of(fs::modified(status));
    return entry;
}

/// A file that is binary whatever comes behind its first chunk; of one that begins with `#!` more has to be seen.
bool begins_binary(std::string_view first) {
    if (first.starts_with("#!")) return false;
    return relocate::has_binary_magic(first.substr(0, relocate::FileKind::head_size)) || first.find('\0') != first.npos;
}

/// What was done, with what only the plan tells.
FileRelocation with(FileRelocation done, FileRelocation& planned) {
    done.sha256_before = planned.sha256_before;
    done.fields = std::move(planned.fields);
    done.findings = std::move(planned.findings);
    return done;
}

}  // namespace

void FileMover::expect(FileOrders orders, std::optional<FileOrder> rest, std::function<bool(const std::string&)> wanted) {
    wanted_ = std::move(wanted);
    orders_ = std::move(orders);
    rest_ = std::move(rest);
}

FileOptions FileMover::options_for(const std::string& path, const FileOrder& order) const {
    FileOptions out = options_;
    out.name = path;
    out.mode = order.mode;
    out.linkage = order.linkage;
    if (order.platform) out.platform = *order.platform;
    out.digest_before = order.sha256_before || order.sha256.has_value() || !order.known.empty();
    out.digest_after = true;
    return out;
}

/// By size and digest before, and by where its metadata claims that the prefix stands.
void FileMover::check(const FileOrder& order, FileRelocation& what, const std::string& path) const {
    const auto refuse = [&](const std::string& why) {
        throw Error(ErrorCode::malformed, why, order.archive.empty() ? path : entry_name(order.archive, path));
    };
    if (order.size && *order.size != what.size_before)
        refuse("the file has " + std::to_string(what.size_before) + " bytes, its metadata says " + std::to_string(*order.size));
    if (order.sha256 && *order.sha256 != what.sha256_before)
        refuse("the file is not the one that its metadata tells of: its SHA-256 is another");
    if (order.claimed && order.prefixes.pairs().size() == 1)
        if (const std::optional<std::uint64_t> at = first_difference(*order.claimed, what.fields))
            what.findings.push_back({Severity::note, path, *at, Code::positions_wrong,
                                     "the prefix does not stand where the file's metadata says; it was sought instead"});
    if (order.known.empty()) return;
    if (std::find(order.known.begin(), order.known.end(), what.sha256_before) != order.known.end()) return;
    what.findings.push_back(
        {Severity::note, path, 0, Code::digest_differs, "the file is not the one that its metadata tells of"});
}

void FileMover::note(MovedFile file) {
    const std::lock_guard lock(mutex_);
    std::string path = file.path;
    done_.insert_or_assign(std::move(path), std::move(file));
}

void FileMover::dress(const Descriptor& file, const Entry& entry, const FileOrder& order, bool changed) const {
    std::optional<Time> modified = entry.modified;
    if (changed) {
        const timespec own = {static_cast<time_t>(modified ? modified->seconds : 0), modified ? modified->nanoseconds : 0};
        modified = time_of(relocate::time_of_patched(mtime_, own, order.package_time));
    }
    staging_.finish(file, entry.mode, modified, entry.path);
}

void FileMover::operator()(const FileTask& task, Crew::Contents& contents) {
    const auto named = orders_.find(task.entry.path);
    const FileOrder* order = named != orders_.end() ? &named->second : rest_ ? &*rest_ : nullptr;
    if (order != nullptr && named == orders_.end() && !order->prefixes.empty() && wanted_ && !wanted_(task.entry.path))
        order = nullptr;
    if (order == nullptr && contents.range()) {
        look_for_program(task, contents.peek());
        return copy(task, *contents.range());
    }
    const std::string_view first = contents.read();
    look_for_program(task, first);
    if (order == nullptr || order->prefixes.empty()) return keep(task, first, contents, order);
    if (must_await_platform(task.entry.path, first, contents.whole(), *order)) {
        awaits_platform_ = true;
        return keep_for_later(task, first, contents, *order);
    }
    if (contents.whole()) return move_whole(task, first, *order);
    if (order->mode != FileMode::unknown) return move_stream(task, first, contents, *order);
    FileOrder sure = *order;
    if (begins_binary(first)) sure.mode = FileMode::binary;
    if (changes_as_it_flows(sure)) return move_stream(task, first, contents, sure);
    keep_for_later(task, first, contents, *order);
}

void FileMover::keep_for_later(const FileTask& task, std::string_view first, Crew::Contents& contents, const FileOrder& order) {
    keep(task, first, contents, &order);
    const std::lock_guard lock(mutex_);
    later_.emplace(task.entry.path, order);
}

/// The first in the archives, whichever thread sees it first.
void FileMover::look_for_program(const FileTask& task, std::string_view head) {
    const std::optional<Platform> platform = relocate::platform_of_magic(head);
    if (!platform) return;
    const std::lock_guard lock(mutex_);
    if (!program_ || task.number < program_->first) program_.emplace(task.number, *platform);
}

std::optional<Platform> FileMover::platform_of_programs() const {
    return program_ ? std::optional(program_->second) : std::nullopt;
}

void FileMover::decide_platform(Platform platform) {
    if (!std::exchange(platform_known_, true)) options_.platform = platform;
}

/// Platforms differ in how long a `#!` line may be.
bool FileMover::must_await_platform(const std::string& path, std::string_view first, bool whole, const FileOrder& order) const {
    if (platform_known_ || order.platform || !first.starts_with("#!")) return false;
    if (!whole) return true;
    FileOptions options = options_for(path, order);
    options.digest_before = options.digest_after = false;
    options.platform = Platform::linux_;
    const FileRelocation on_linux = plan_file(MemorySource(first), order.prefixes, options).result;
    options.platform = Platform::osx;
    const FileRelocation on_osx = plan_file(MemorySource(first), order.prefixes, options).result;
    return on_linux.size_after != on_osx.size_after || on_linux.findings != on_osx.findings;
}

void FileMover::make(const Entry& entry, std::string_view bytes, const FileOrder& order) {
    auto [folder, name] = staging_.place(entry.path);
    move_whole({0, entry, std::move(folder), std::move(name)}, bytes, order);
}

void FileMover::copy(const FileTask& task, const FileRange& range) const {
    const std::string& path = task.entry.path;
    const Descriptor file = staging_.create(task.folder, task.name, path, task.entry.mode);
    if (fs::copy_range(range.file->get(), range.offset, range.size, file.get(), staging_.blame(path)) != range.size)
        throw Error(ErrorCode::io, "became shorter while it was read", range.name);
    staging_.finish(file, task.entry.mode, task.entry.modified, path);
}

void FileMover::keep(const FileTask& task, std::string_view first, Crew::Contents& contents, const FileOrder* order) {
    const std::string& path = task.entry.path;
    const Descriptor file = staging_.create(task.folder, task.name, path, task.entry.mode);
    const bool hashed = order != nullptr && (order->sha256 || order->sha256_after);
    std::optional<digest::Hasher> hasher;
    if (hashed) hasher.emplace(HashType::sha256);
    std::uint64_t size = 0;
    for (std::string_view bytes = first; !bytes.empty(); bytes = contents.read()) {
        if (hasher) hasher->update(bytes);
        fs::write_all(file.get(), bytes, staging_.blame(path));
        size += bytes.size();
    }
    staging_.finish(file, task.entry.mode, task.entry.modified, path);
    if (order == nullptr) return;
    MovedFile moved{.path = path};
    moved.what.size_before = moved.what.size_after = size;
    if (hasher) moved.what.sha256_before = moved.what.sha256_after = hasher->finish().bytes();
    if (!order->prefixes.empty()) return;  // its turn comes
    check(*order, moved.what, path);
    note(std::move(moved));
}

void FileMover::move_whole(const FileTask& task, std::string_view bytes, const FileOrder& order) {
    const std::string& path = task.entry.path;
    const MemorySource source(bytes);
    const FilePlan plan = plan_file(source, order.prefixes, options_for(path, order));
    MovedFile moved{.path = path, .what = plan.result};
    check(order, moved.what, path);
    if (!plan.result.refused) {
        const Descriptor file = staging_.create(task.folder, task.name, path, task.entry.mode);
        DescriptorSink out(file, staging_.blame(path));
        if (plan.result.changed) {
            moved.former = relocate::former_file(source, plan.result);
            moved.prefixes = order.prefixes;
            moved.what = with(relocate_file(source, plan, out), moved.what);
        } else {
            out.write(bytes);
            if (order.sha256_after) moved.what.sha256_after = order.sha256 ? *order.sha256 : sha256_of(bytes);
        }
        dress(file, task.entry, order, plan.result.changed);
    }
    note(std::move(moved));
}

void FileMover::move_stream(const FileTask& task, std::string_view first, Crew::Contents& contents, const FileOrder& order) {
    const std::string& path = task.entry.path;
    const Descriptor file = staging_.create(task.folder, task.name, path, task.entry.mode);
    DescriptorSink out(file, staging_.blame(path));
    FileRelocator relocator(order.prefixes, out, options_for(path, order));
    const std::string head(first.substr(0, max_first_line));  // a first line that is longer was read by no kernel
    for (std::string_view bytes = first; !bytes.empty(); bytes = contents.read()) relocator.write(bytes);
    MovedFile moved{.path = path, .what = relocator.finish(), .prefixes = order.prefixes};
    moved.former = relocate::former_file(MemorySource(head), moved.what);
    check(order, moved.what, path);
    dress(file, task.entry, order, moved.what.changed);
    note(std::move(moved));
}

void FileMover::catch_up(const FileOrders& more, unsigned jobs, const std::function<bool()>& stop) {
    for (const auto& [path, order] : more) later_.insert_or_assign(path, order);
    std::vector<std::pair<std::string, FileOrder>> todo(later_.begin(), later_.end());
    later_.clear();
    std::sort(todo.begin(), todo.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    fs::parallel(todo.size(), jobs, [&](std::size_t i) {
        if (stop()) throw Stopped();
        move_again(todo[i].first, todo[i].second);
    });
}

void FileMover::replace(const std::string& path, std::string_view bytes) {
    const auto [folder, name] = staging_.place(path);
    struct stat status{};
    if (::fstat(staging_.open(folder, name, path).get(), &status) != 0) throw fs::io_error(staging_.blame(path), "look at");
    Entry entry;
    entry.path = path;
    entry.mode = status.st_mode & 0777u;
    entry.modified = time_of(fs::modified(status));
    const std::string temporary = fs::temporary_name();
    const Descriptor file = staging_.create(folder, temporary, path, entry.mode);
    fs::write_all(file.get(), bytes, staging_.blame(path));
    dress(file, entry, {}, true);
    staging_.rename(folder, temporary, name, path);
}

/// Most files have their prefixes in few places. Nobody else sees the file before everything is done, so no kernel can have
/// looked at its signature, and what was written before it turned out to be refused goes with all the rest.
void FileMover::move_in_place(const std::string& path, const Descriptor& file, const FileOrder& order) {
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) throw fs::io_error(staging_.blame(path), "look at");
    const fs::FileSource source = fs::FileSource::share(file.get(), staging_.blame(path));
    FilePatch patch(file, source, staging_.blame(path));
    FileRelocator relocator(order.prefixes, patch, options_for(path, order));
    relocate::SourceChunks chunks(source, path);
    for (std::string_view bytes; chunks.next(bytes);) {
        patch.read(bytes);
        relocator.write(bytes);
    }
    MovedFile moved{.path = path, .what = relocator.finish(), .read_again = true};
    check(order, moved.what, path);
    if (moved.what.changed && !moved.what.refused) {
        moved.former = relocate::former_file(source, moved.what);
        moved.prefixes = order.prefixes;
        dress(file, entry_of(path, status), order, true);
    }
    note(std::move(moved));
}

/// From what it was before it was moved the first time.
void FileMover::move_remembered(const std::string& path, const FileOrder& order) {
    const auto [folder, name] = staging_.place(path);
    const Descriptor old = staging_.open(folder, name, path);
    struct stat status{};
    if (::fstat(old.get(), &status) != 0) throw fs::io_error(staging_.blame(path), "look at");
    const fs::FileSource source = fs::FileSource::share(old.get(), staging_.blame(path));
    const relocate::Remembered& remembered = *order.remembered;
    relocate::PlannedAgain again = relocate::plan_again(source, order.prefixes, options_for(path, order), remembered);
    relocate::PlannedFile planned;
    planned.plan = std::move(again.plan);
    planned.back = std::move(again.back);
    planned.taken_back = remembered.former;
    MovedFile moved{.path = path, .what = planned.plan.result, .read_again = true, .prefixes = planned.plan.prefixes};
    if (planned.back) {
        moved.former = {remembered.former.mode, planned.plan.result.fields, remembered.former.first_line};
        moved.sha256_came = remembered.sha256;
        moved.size_came = source.size();
    } else if (moved.what.changed) {
        moved.former = relocate::former_file(source, moved.what);
    }
    if (moved.what.changed && !moved.what.refused) {
        const std::string temporary = fs::temporary_name();
        const Descriptor file = staging_.create(folder, temporary, path, status.st_mode & 0777u);
        DescriptorSink out(file, staging_.blame(path));
        std::optional<FileRelocation> done = relocate::write_planned(source, planned, out);
        if (!done) throw Error(ErrorCode::io, "changed while it was read", staging_.blame(path));
        moved.what = with(std::move(*done), moved.what);
        Entry entry;
        entry.path = path;
        entry.mode = status.st_mode & 0777u;
        entry.modified = time_of(fs::modified(status));
        dress(file, entry, order, true);
        staging_.rename(folder, temporary, name, path);
    }
    note(std::move(moved));
}

/// A new file in the place of the old: a kernel caches what it knows of signatures by file.
void FileMover::move_again(const std::string& path, const FileOrder& order) {
    if (order.remembered) return move_remembered(path, order);
    const auto [folder, name] = staging_.place(path);
    if (changes_as_it_flows(order))
        if (const Descriptor file = staging_.open_to_change(folder, name)) return move_in_place(path, file, order);
    const Descriptor old = staging_.open(folder, name, path);
    struct stat status{};
    if (::fstat(old.get(), &status) != 0) throw fs::io_error(staging_.blame(path), "look at");
    const fs::FileSource source = fs::FileSource::share(old.get(), staging_.blame(path));
    const FilePlan plan = plan_file(source, order.prefixes, options_for(path, order));
    MovedFile moved{.path = path, .what = plan.result, .read_again = true};
    check(order, moved.what, path);
    if (plan.result.changed && !plan.result.refused) {
        moved.former = relocate::former_file(source, plan.result);
        moved.prefixes = order.prefixes;
        const std::string temporary = fs::temporary_name();
        const Descriptor file = staging_.create(folder, temporary, path, status.st_mode & 0777u);
        DescriptorSink out(file, staging_.blame(path));
        moved.what = with(relocate_file(source, plan, out), moved.what);
        dress(file, entry_of(path, status), order, true);
        staging_.rename(folder, temporary, name, path);
    }
    note(std::move(moved));
}

}  // namespace reseal::package
