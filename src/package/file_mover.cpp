// SPDX-License-Identifier: BSL-1.0
#include "package/file_mover.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "digest/digest.hpp"
#include "fs/copy_bytes.hpp"
#include "fs/write_all.hpp"
#include "package/descriptor_sink.hpp"
#include "package/safe_path.hpp"
#include "relocate/file_kind.hpp"
#include "relocate/platform.hpp"

namespace reseal::package {
namespace {

using fs::Descriptor;

constexpr std::size_t max_first_line = std::size_t{64} * 1024;

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

/// A file that is binary whatever comes behind its first chunk; of one that begins with `#!` more has to be seen.
bool begins_binary(std::string_view first) {
    if (first.starts_with("#!")) return false;
    return relocate::has_binary_magic(first.substr(0, relocate::FileKind::head_size)) || first.find('\0') != first.npos;
}

}  // namespace

bool FileOrder::changes_as_it_flows() const {
    const Padding padding = prefixes.options().padding;
    return mode == FileMode::binary && linkage.empty() && (padding == Padding::slash || padding == Padding::refuse);
}

void MovedFile::finish(FileRelocation done) {
    done.sha256_before = what.sha256_before;
    done.fields = std::move(what.fields);
    done.findings = std::move(what.findings);
    what = std::move(done);
}

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
        const timespec patched = relocate::time_of_patched(mtime_, own, order.package_time);
        modified = Time{patched.tv_sec, patched.tv_nsec};
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
    if (sure.changes_as_it_flows()) return move_stream(task, first, contents, sure);
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
            moved.finish(relocate_file(source, plan, out));
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

}  // namespace reseal::package
