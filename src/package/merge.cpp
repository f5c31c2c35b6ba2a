// SPDX-License-Identifier: BSL-1.0
#include "package/merge.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>

#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/rename.hpp"
#include "fs/same_entry.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::package {
namespace {

using fs::Descriptor;

constexpr int nowhere = -1;        // the folder of the other tree, where that has none
constexpr std::size_t shown = 10;  // of the names in a message

Descriptor open_below(int root, const std::string& path) {
    Descriptor at(::openat(root, ".", fs::folder_flags));
    for (std::size_t begin = 0; at && begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        at = Descriptor(::openat(at.get(), path.substr(begin, end - begin).c_str(), fs::folder_flags));
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

std::string list_of(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) list.append(i == 0 ? "" : ", ").append(names[i]);
    if (names.size() > shown) list.append(", and ").append(std::to_string(names.size() - shown)).append(" more");
    return list;
}

}  // namespace

Merge::Merge(int from, const std::string& to, std::string first)
    : from_(from), where_(to), to_(::open(to.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), first_(std::move(first)) {
    if (!to_) throw fs::io_error(to, "open");
    look(from, to_.get(), {});
    std::stable_sort(moves_.begin(), moves_.end(), [&](const Move& a, const Move& b) { return turn_of(a) < turn_of(b); });
    if (!taken_.empty()) throw Error(ErrorCode::io, "there already: " + list_of(std::move(taken_)), to);
}

bool Merge::leads_to_first(const std::string& path) const { return path == first_ || first_.starts_with(path + "/"); }

/// What stands beside the first tells that others are there, so it comes behind them.
int Merge::turn_of(const Move& move) const {
    if (leads_to_first(path_of(move.folder, move.name))) return 0;
    const std::size_t slash = first_.rfind('/');
    const bool beside = slash != first_.npos && (move.folder + "/").starts_with(first_.substr(0, slash + 1));
    return beside ? 2 : 1;
}

void Merge::look(int from, int to, const std::string& path) {
    fs::OpenFolder folder(from, ".");
    if (!folder) throw fs::io_error(where_, "list");
    for (const fs::OpenFolder::Entry& each : folder.entries(where_)) look_at(from, to, path, each.name);
}

void Merge::look_at(int from, int to, const std::string& path, const std::string& name) {
    const std::string full = path_of(path, name);
    struct stat status{};
    if (to == nowhere || ::fstatat(to, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (to != nowhere && errno != ENOENT) throw fs::io_error(where_ + "/" + full, "look at");
        const bool make = full != first_ && leads_to_first(full) && is_folder(from, name);
        moves_.push_back({path, name, make});
        if (!make) return;
        const Descriptor below(::openat(from, name.c_str(), fs::folder_flags));
        if (!below) throw fs::io_error(where_ + "/" + full, "open the folder");
        return look(below.get(), nowhere, full);
    }
    if (full == first_ && !S_ISDIR(status.st_mode)) {
        replaced_ = Move{path, name};
        return;
    }
    if (!S_ISDIR(status.st_mode) || !is_folder(from, name)) {
        if (!fs::same_entry(from, to, name)) taken_.push_back(full);
        return;
    }
    const Descriptor below(::openat(from, name.c_str(), fs::folder_flags));
    const Descriptor there(::openat(to, name.c_str(), fs::folder_flags));
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

bool Merge::carry_out(const Move& each) {
    const Descriptor from = open_below(from_, each.folder), to = open_below(to_.get(), each.folder);
    if (!from || !to) return false;
    const char* name = each.name.c_str();
    if (!each.make) return move(from.get(), to.get(), name) == 0;
    struct stat status{};
    if (::fstatat(from.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (::mkdirat(to.get(), name, S_IRWXU) != 0) return false;
    if (::fchmodat(to.get(), name, status.st_mode & 07777, 0) == 0) return true;
    const int why = errno;
    ::unlinkat(to.get(), name, AT_REMOVEDIR);
    errno = why;
    return false;
}

bool Merge::take_back(const Move& each) {
    const Descriptor back = open_below(from_, each.folder), taken = open_below(to_.get(), each.folder);
    if (!back || !taken) return false;
    if (each.make) return ::unlinkat(taken.get(), each.name.c_str(), AT_REMOVEDIR) == 0;
    return move(taken.get(), back.get(), each.name.c_str()) == 0;
}

/// What stays nevertheless; then the first does too, which tells of it.
std::vector<std::string> Merge::put_back(std::size_t moved) {
    std::vector<std::string> stayed;
    while (moved-- > 0) {
        const Move& each = moves_[moved];
        const std::string path = path_of(each.folder, each.name);
        if (!stayed.empty() && leads_to_first(path)) continue;
        if (!take_back(each)) stayed.push_back(path);
    }
    if (kept_.empty() || !stayed.empty()) return stayed;
    const Descriptor from = open_below(from_, replaced_->folder), to = open_below(to_.get(), replaced_->folder);
    if (!from || !to || ::renameat(from.get(), kept_.c_str(), to.get(), replaced_->name.c_str()) != 0) stayed.push_back(first_);
    return stayed;
}

void Merge::apply() {
    if (replaced_) replace_first();
    for (std::size_t i = 0; i < moves_.size(); ++i) {
        if (carry_out(moves_[i])) continue;
        const Error error = fs::io_error(where_ + "/" + path_of(moves_[i].folder, moves_[i].name), "create");
        const std::vector<std::string> stayed = put_back(i);
        if (stayed.empty()) throw error;
        throw Error(ErrorCode::io, std::string(error.what()) + "; these came before it and cannot be taken back: " +
                                       list_of(stayed) + "; the same command again completes what is there");
    }
}

}  // namespace reseal::package
