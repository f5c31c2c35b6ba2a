// SPDX-License-Identifier: BSL-1.0
#include "relocate/tree_relocation.hpp"

#include <atomic>
#include <set>

#include "fs/io_error.hpp"
#include "fs/parallel.hpp"
#include "fs/path_parts.hpp"
#include "fs/replaced_file.hpp"
#include "fs/replaced_link.hpp"
#include "fs/wait_for_disk.hpp"
#include "fs/writable_folders.hpp"
#include "relocate/tree_file.hpp"

namespace reseal::relocate {
namespace {

std::vector<std::string> folders_of(const TreePlan& plan) {
    std::set<std::string> folders;
    for (const PlannedFile& file : plan.changed) {
        folders.insert(fs::folder_of(file.entry.path));
        for (const std::string& name : file.names) folders.insert(fs::folder_of(name));
    }
    for (const PlannedLink& link : plan.links) folders.insert(fs::folder_of(link.entry.path));
    return {folders.begin(), folders.end()};
}

/// What was planned is a copy and a few ranges. None: there is less to copy, or more.
std::optional<FileRelocation> patched(const FilePlan& plan, fs::ReplacedFile& out) {
    if (out.copy_original() != plan.result.size_before) return {};
    for (const FilePatch::Range& range : plan.patch->ranges) out.overwrite(range.offset, range.bytes);
    return plan.result;
}

FileRelocation replace(const PlannedFile& planned, const TreeWriting& writing) {
    const std::string& path = planned.entry.path;
    const std::optional<TreeFile> file = TreeFile::open(planned.entry);
    if (!file || !file->is(planned.entry)) throw Error(ErrorCode::io, "has changed since it was looked at", path);
    fs::ReplacedFile out(path, file->descriptor());
    std::optional<FileRelocation> result;
    if (!planned.back && planned.plan.patch) result = patched(planned.plan, out);
    else result = write_planned(file->source(), planned, out);
    // What the first reading allowed the second may not refuse, so somebody writes to the file.
    if (!result || result->refused || !file->is(planned.entry)) throw Error(ErrorCode::io, "changed while it was read", path);
    out.commit(time_of_patched(writing.mtime, planned.entry.modified, writing.package));
    return std::move(*result);
}

/// One that was killed between the file and its other names has left those with the old bytes; then they are planned anew.
void link_again(const PlannedFile& planned) {
    for (const std::string& name : planned.names) {
        fs::DiskEntry now;
        if (!fs::look_at(name, now) || now.id != planned.entry.id)
            throw Error(ErrorCode::io, "has changed since it was looked at", name);
        fs::replace_by_hard_link(name, planned.entry.path);
    }
}

void retarget(const PlannedLink& link) {
    fs::DiskEntry now;
    if (!fs::look_at(link.entry.path, now) || now.type != fs::DiskEntry::Type::symlink ||
        fs::read_link(link.entry.path) != link.before)
        throw Error(ErrorCode::io, "has changed since it was looked at", link.entry.path);
    fs::replace_symlink(link.entry.path, link.after);
}

}  // namespace

std::optional<FileRelocation> write_planned(const Source& now, const PlannedFile& planned, Sink& out) {
    const FilePlan& plan = planned.plan;
    if (!planned.back) return relocate_file(now, plan, out);
    std::optional<FileRelocation> result = move_again(now, planned.taken_back, *planned.back, plan.prefixes, plan.options, out);
    if (!result || result->sha256_after != plan.result.sha256_after) return std::nullopt;
    return result;
}

void relocate_tree(const TreePlan& plan, const TreeWriting& writing, TreeEffort& effort, TreeRelocation& done) {
    const std::vector<std::string> folders = folders_of(plan);
    const fs::WritableFolders writable(folders);
    effort.begin(plan.changed.size(), plan.bytes_to_write);
    done.files.assign(plan.changed.size(), {});
    std::vector<std::uint64_t> sizes;
    for (const PlannedFile& file : plan.changed) sizes.push_back(file.plan.result.size_after);
    std::atomic<bool> failed = false;
    const auto work = [&](std::size_t i) {
        if (effort.stop || failed) return;
        try {
            FileRelocation result = replace(plan.changed[i], writing);
            link_again(plan.changed[i]);
            effort.done(result.size_after);
            done.files[i] = std::move(result);
        } catch (...) {
            failed = true;
            throw;
        }
    };
    const auto count = [&] {
        for (std::size_t i = 0; i < done.files.size(); ++i) {
            if (!done.files[i]) continue;
            ++done.files_done;
            done.relinked += plan.changed[i].names.size();
            done.bytes_written += done.files[i]->size_after;
        }
    };
    try {
        fs::parallel_largest_first(sizes, writing.jobs, work);
    } catch (...) {
        count();
        throw;
    }
    count();
    for (const PlannedLink& link : plan.links) {
        if (effort.stop) break;
        retarget(link);
        ++done.links_done;
    }
    if (effort.stop) throw Error(ErrorCode::io, "interrupted");
    if (writing.sync) fs::wait_for_disk(folders);
}

}  // namespace reseal::relocate
