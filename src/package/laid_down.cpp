// SPDX-License-Identifier: BSL-1.0
#include "package/laid_down.hpp"

#include <reseal/error.hpp>

#include "package/archive_format.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {

LaidDown::LaidDown(Staging& staging, unsigned jobs, Crew::Work work, std::function<void(std::uint64_t)> advance)
    : staging_(staging), crew_(jobs, std::move(work)), advance_(std::move(advance)) {}

void LaidDown::note(Code code, const std::string& path, std::string what) {
    findings_.push_back({Severity::note, path, 0, code, std::move(what)});
}

void LaidDown::add(ArchiveReader& archive, const Rename& rename) {
    names_.begin(archive.name());
    Entry entry;
    while (archive.next(entry)) {
        check_entry(entry.path, archive.name());
        if (rename) entry.path = rename(entry.path);
        if (rename && entry.type == EntryType::hardlink) entry.target = rename(entry.target);
        add(entry, archive);
    }
    for (const std::string& remark : archive.remarks()) note(Code::archive_odd, archive.name(), remark);
}

void LaidDown::register_name(const Entry& entry, const std::string& archive) {
    if (const auto collision = names_.add(entry)) {
        const std::string what = "a file system that ignores case takes it for " + collision->other;
        if (staging_.folds_case()) throw Error(ErrorCode::malformed, what, entry_name(archive, collision->path));
        note(Code::case_collision, collision->path, what);
    }
}

void LaidDown::add(const Entry& entry, const std::string& archive) {
    names_.begin(archive);
    register_name(entry, archive);
}

void LaidDown::add(const Entry& entry, ArchiveReader& archive) {
    register_name(entry, archive.name());
    Counts& counts = counts_of(entry.path);
    switch (entry.type) {
        case EntryType::file: contents(entry, archive); break;
        case EntryType::folder:
            staging_.note_folder(entry);
            ++counts.folders;
            break;
        case EntryType::symlink:
            links_[entry.path] = entry.target;
            symlinks_.push_back(entry);
            ++counts.links;
            break;
        case EntryType::hardlink:
            hard_links_.emplace_back(entry.path, file_of(entry.target));
            first_names_.insert(hard_links_.back());
            ++counts.files;
            break;
    }
}

void LaidDown::contents(const Entry& entry, ArchiveReader& archive) {
    Counts& counts = counts_of(entry.path);
    auto [folder, name] = staging_.place(entry.path);
    FileTask task{number_++, entry, std::move(folder), std::move(name)};
    ++counts.files;
    if (std::optional<FileRange> range = archive.range()) {
        counts.bytes += range->size;
        if (advance_) advance_(range->size);
        return crew_.add(std::move(task), std::move(*range));
    }
    crew_.begin(std::move(task));
    for (std::string_view bytes = archive.read(); !bytes.empty(); bytes = archive.read()) {
        counts.bytes += bytes.size();
        if (advance_) advance_(bytes.size());
        crew_.write(bytes);
    }
    crew_.end();
}

Counts LaidDown::counts() const {
    Counts out;
    for (const auto& [top, each] : counts_) {
        out.files += each.files;
        out.folders += each.folders;
        out.links += each.links;
        out.bytes += each.bytes;
    }
    return out;
}

std::string LaidDown::file_of(const std::string& path) const {
    const auto found = first_names_.find(path);
    return found == first_names_.end() ? path : found->second;
}

void LaidDown::forget(const std::string& folder) {
    const auto below = [&](const std::string& path) { return path.starts_with(folder + "/"); };
    for (const auto& [name, first] : hard_links_)
        if (below(first) && !below(name))
            throw Error(ErrorCode::malformed, "a hard link to a file of the package's metadata is refused", name);
    staging_.remove(folder);
    names_.forget(folder);
    counts_.erase(folder);
    std::erase_if(links_, [&](const auto& each) { return below(each.first); });
    std::erase_if(symlinks_, [&](const Entry& each) { return below(each.path); });
    std::erase_if(hard_links_, [&](const auto& each) { return below(each.first); });
    std::erase_if(findings_, [&](const Finding& each) { return below(each.entry); });
}

/// Last, so that none of them stands in the way of a file, and the file that a hard link shares is the one that stays.
void LaidDown::finish() {
    wait();
    for (const auto& [name, first] : hard_links_) staging_.hard_link(name, first);
    for (const Entry& each : symlinks_) staging_.symlink(each, links_[each.path]);
}

}  // namespace reseal::package
