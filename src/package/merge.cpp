// SPDX-License-Identifier: BSL-1.0
#include "package/merge.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>

#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/rename.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::package {
namespace {

using fs::Descriptor;

constexpr int open_folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t shown = 10;  // of the names that are taken

Descriptor open_below(int root, const std::string& path) {
    Descriptor at(::openat(root, ".", open_folder_flags));
    for (std::size_t begin = 0; at && begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        at = Descriptor(::openat(at.get(), path.substr(begin, end - begin).c_str(), open_folder_flags));
        begin = end + 1;
    }
    return at;
}

int move(int from, int to, const char* name) {
    const int status = fs::rename_exclusive(from, name, to, name);
    if (status == 0 || (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)) return status;
    return ::renameat(from, name, to, name);  // nothing was there when we looked
}

bool is_folder(int at, const std::string& name) {
    struct stat status{};
    return ::fstatat(at, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

std::string path_of(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : std::string(folder).append("/").append(name);
}

}  // namespace

Merge::Merge(int from, const std::string& to, std::string first)
    : from_(from), where_(to), to_(::open(to.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), first_(std::move(first)) {
    if (!to_) throw fs::io_error(to, "open");
    look(from, to_.get(), {});
    std::stable_partition(moves_.begin(), moves_.end(), [&](const Move& each) {
        const std::string path = path_of(each.folder, each.name);
        return path == first_ || first_.starts_with(path + "/");
    });
    if (taken_.empty()) return;
    std::sort(taken_.begin(), taken_.end());
    std::string list;
    for (std::size_t i = 0; i < std::min(taken_.size(), shown); ++i) list.append(i == 0 ? "" : ", ").append(taken_[i]);
    if (taken_.size() > shown) list.append(", and ").append(std::to_string(taken_.size() - shown)).append(" more");
    throw Error(ErrorCode::io, "there already: " + list, to);
}

void Merge::look(int from, int to, const std::string& path) {
    fs::OpenFolder folder(from, ".");
    if (!folder) throw fs::io_error(where_, "list");
    for (const fs::OpenFolder::Entry& each : folder.entries(where_)) look_at(from, to, path, each.name);
}

void Merge::look_at(int from, int to, const std::string& path, const std::string& name) {
    const std::string full = path_of(path, name);
    struct stat status{};
    if (::fstatat(to, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) throw fs::io_error(where_ + "/" + full, "look at");
        moves_.push_back({path, name});
        return;
    }
    if (full == first_ && !S_ISDIR(status.st_mode)) {
        replaced_ = Move{path, name};
        return;
    }
    if (!S_ISDIR(status.st_mode) || !is_folder(from, name)) {
        taken_.push_back(full);
        return;
    }
    const Descriptor below(::openat(from, name.c_str(), open_folder_flags));
    const Descriptor there(::openat(to, name.c_str(), open_folder_flags));
    if (!below || !there) throw fs::io_error(where_ + "/" + full, "open the folder");
    both_.insert(full);
    look(below.get(), there.get(), full);
}

void Merge::replace_first() {
    const Descriptor from = open_below(from_, replaced_->folder), to = open_below(to_.get(), replaced_->folder);
    const char* name = replaced_->name.c_str();
    const std::string kept = fs::temporary_name();
    // Where the file system has no hard links the new one stays, whatever comes.
    if (from && to && ::linkat(to.get(), name, from.get(), kept.c_str(), 0) == 0) kept_ = kept;
    if (!from || !to || ::renameat(from.get(), name, to.get(), name) != 0) throw fs::io_error(where_ + "/" + first_, "replace");
}

void Merge::put_back(std::size_t moved) {
    while (moved-- > 0) {
        const Move& each = moves_[moved];
        const Descriptor back = open_below(from_, each.folder), taken = open_below(to_.get(), each.folder);
        if (back && taken) move(taken.get(), back.get(), each.name.c_str());
    }
    if (kept_.empty()) return;
    const Descriptor from = open_below(from_, replaced_->folder), to = open_below(to_.get(), replaced_->folder);
    if (from && to) ::renameat(from.get(), kept_.c_str(), to.get(), replaced_->name.c_str());
}

void Merge::apply() {
    if (replaced_) replace_first();
    for (std::size_t i = 0; i < moves_.size(); ++i) {
        const auto& [folder, name] = moves_[i];
        const Descriptor from = open_below(from_, folder), to = open_below(to_.get(), folder);
        if (from && to && move(from.get(), to.get(), name.c_str()) == 0) continue;
        const Error error = fs::io_error(where_ + "/" + path_of(folder, name), "create");
        put_back(i);
        throw error;
    }
}

}  // namespace reseal::package
