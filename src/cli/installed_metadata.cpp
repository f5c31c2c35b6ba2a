// SPDX-License-Identifier: BSL-1.0
#include "cli/installed_metadata.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "fs/entries.hpp"
#include "fs/replaced_file.hpp"
#include "fs/wait_for_disk.hpp"
#include "package/environment.hpp"
#include "package/json.hpp"
#include "relocate/source_bytes.hpp"
#include "relocate/tree_file.hpp"

namespace reseal::cli {
namespace {

bool is_record(const fs::DiskEntry& entry) {
    return entry.type == fs::DiskEntry::Type::regular &&
           package::is_environment_metadata(std::string("conda-meta/").append(entry.name));
}

std::vector<fs::DiskEntry> records_in(const std::string& folder) {
    const std::string metadata = folder + "/conda-meta";
    struct stat status{};
    if (::lstat(metadata.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return {};
    fs::DiskEntries listed = fs::list_entries({metadata});
    if (!listed.unreadable.empty()) throw listed.unreadable.front();
    std::erase_if(listed.entries, [](const fs::DiskEntry& each) { return !is_record(each); });
    return std::move(listed.entries);
}

std::string text_of(const relocate::TreeFile& file, const fs::DiskEntry& entry) {
    const std::uint64_t size = file.source().size();
    if (size > package::max_json_text) throw Error(ErrorCode::malformed, "more than 64 MiB of JSON", entry.path);
    return relocate::source_bytes(file.source(), 0, static_cast<std::size_t>(size));
}

void follow_moves(const fs::DiskEntry& entry, const package::MovedPaths& moved, const relocate::MtimePolicy& mtime) {
    const std::optional<relocate::TreeFile> file = relocate::TreeFile::open(entry);
    if (!file) return;
    const std::string text = text_of(*file, entry);
    const std::string now = package::follow_moves(text, entry.path, moved);
    if (now == text) return;
    fs::ReplacedFile out(entry.path, file->descriptor());
    out.write(now);
    out.commit(relocate::time_of_patched(mtime, entry.modified));
}

}  // namespace

bool is_environment(const std::string& folder) {
    return ::access((folder + "/conda-meta/history").c_str(), F_OK) == 0 || !records_in(folder).empty();
}

void follow_moves(const std::string& folder, const package::MovedPaths& moved, const RelocateOptions& options) {
    for (const fs::DiskEntry& each : records_in(folder)) follow_moves(each, moved, options.mtime);
    if (options.sync) fs::wait_for_disk({folder + "/conda-meta"});
}

std::map<std::string, std::string> followed_moves(const std::string& folder, const package::MovedPaths& moved) {
    std::map<std::string, std::string> out;
    for (const fs::DiskEntry& each : records_in(folder)) {
        const std::optional<relocate::TreeFile> file = relocate::TreeFile::open(each);
        if (!file) continue;
        const std::string text = text_of(*file, each);
        std::string now = package::follow_moves(text, each.path, moved);
        if (now != text) out.emplace(std::string("conda-meta/").append(each.name), std::move(now));
    }
    return out;
}

}  // namespace reseal::cli
