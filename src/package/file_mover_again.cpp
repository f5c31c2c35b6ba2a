// SPDX-License-Identifier: BSL-1.0
// FileMover, of files that lie in the staging folder and are read once more.
#include <algorithm>
#include <functional>
#include <optional>
#include <reseal/error.hpp>
#include <string>
#include <utility>
#include <vector>

#include "fs/parallel.hpp"
#include "fs/temporary_name.hpp"
#include "fs/write_all.hpp"
#include "package/descriptor_sink.hpp"
#include "package/file_mover.hpp"
#include "package/file_patch.hpp"
#include "package/laid_file.hpp"
#include "relocate/planned_again.hpp"
#include "relocate/source_chunks.hpp"
#include "relocate/source_digest.hpp"
#include "relocate/tree_relocation.hpp"

namespace reseal::package {

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

/// A new file in the place of the old: a kernel caches what it knows of signatures by file.
template <class Write>
void FileMover::put_in_place(const LaidFile& old, const FileOrder& order, Write write) {
    const std::string temporary = fs::temporary_name();
    const fs::Descriptor file = staging_.create(old.folder, temporary, old.path, old.entry().mode);
    DescriptorSink out(file, staging_.blame(old.path));
    write(out);
    dress(file, old.entry(), order, true);
    staging_.rename(old.folder, temporary, old.name, old.path);
}

void FileMover::replace(const std::string& path, std::string_view bytes) {
    auto [folder, name] = staging_.place(path);
    put_in_place(LaidFile::open(staging_, path, std::move(folder), std::move(name)), {}, [&](Sink& out) { out.write(bytes); });
}

/// Of one that did not change as well. Of one that did it is known.
void FileMover::tell_digest(const FileOrder& order, const Source& file, MovedFile& moved) const {
    FileRelocation& what = moved.what;
    if (!order.sha256_after || !what.sha256_after.empty() || what.refused) return;
    what.sha256_after = what.sha256_before.empty() ? relocate::sha256_of(file, staging_.blame(moved.path)) : what.sha256_before;
}

void FileMover::move_again(const std::string& path, const FileOrder& order) {
    auto [folder, name] = staging_.place(path);
    if (order.remembered) return move_remembered(LaidFile::open(staging_, path, std::move(folder), std::move(name)), order);
    if (order.changes_as_it_flows())
        if (const std::optional<LaidFile> file = LaidFile::open_to_change(staging_, path, folder, name))
            return move_in_place(*file, order);
    const LaidFile old = LaidFile::open(staging_, path, std::move(folder), std::move(name));
    const fs::FileSource source = old.source(staging_);
    const FilePlan plan = plan_file(source, order.prefixes, options_for(path, order));
    MovedFile moved{.path = path, .what = plan.result, .read_again = true};
    check(order, moved.what, path);
    if (plan.result.changed && !plan.result.refused) {
        moved.former = relocate::former_file(source, plan.result);
        moved.prefixes = order.prefixes;
        put_in_place(old, order, [&](Sink& out) { moved.finish(relocate_file(source, plan, out)); });
    }
    tell_digest(order, source, moved);
    note(std::move(moved));
}

/// Most files have their prefixes in few places. Nobody else sees the file before everything is done, so no kernel can have
/// looked at its signature, and what was written before it turned out to be refused goes with all the rest.
void FileMover::move_in_place(const LaidFile& file, const FileOrder& order) {
    const fs::FileSource source = file.source(staging_);
    FilePatch patch(file.file, source, staging_.blame(file.path));
    FileRelocator relocator(order.prefixes, patch, options_for(file.path, order));
    relocate::SourceChunks chunks(source, file.path);
    for (std::string_view bytes; chunks.next(bytes);) {
        patch.read(bytes);
        relocator.write(bytes);
    }
    MovedFile moved{.path = file.path, .what = relocator.finish(), .read_again = true};
    check(order, moved.what, file.path);
    if (moved.what.changed && !moved.what.refused) {
        moved.former = relocate::former_file(source, moved.what);
        moved.prefixes = order.prefixes;
        dress(file.file, file.entry(), order, true);
    }
    note(std::move(moved));
}

/// From what it was before it was moved the first time.
void FileMover::move_remembered(const LaidFile& old, const FileOrder& order) {
    const fs::FileSource source = old.source(staging_);
    const relocate::Remembered& remembered = *order.remembered;
    relocate::PlannedAgain again = relocate::plan_again(source, order.prefixes, options_for(old.path, order), remembered);
    relocate::PlannedFile planned;
    planned.plan = std::move(again.plan);
    planned.back = std::move(again.back);
    planned.taken_back = remembered.former;
    MovedFile moved{.path = old.path, .what = planned.plan.result, .read_again = true, .prefixes = planned.plan.prefixes};
    if (planned.back) {
        moved.former = {remembered.former.mode, planned.plan.result.fields, remembered.former.first_line};
        moved.sha256_came = remembered.sha256;
        moved.size_came = source.size();
    } else if (moved.what.changed) {
        moved.former = relocate::former_file(source, moved.what);
    }
    if (moved.what.changed && !moved.what.refused)
        put_in_place(old, order, [&](Sink& out) {
            std::optional<FileRelocation> done = relocate::write_planned(source, planned, out);
            if (!done) throw Error(ErrorCode::io, "changed while it was read", staging_.blame(old.path));
            moved.finish(std::move(*done));
        });
    tell_digest(order, source, moved);
    note(std::move(moved));
}

}  // namespace reseal::package
