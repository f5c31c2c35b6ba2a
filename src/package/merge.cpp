// SPDX-License-Identifier: BSL-1.0
#include "package/merge.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>

#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/rename.hpp"

namespace reseal::package {
namespace {

using fs::Descriptor;

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t shown = 10;  // of the names that are taken

Descriptor open_below(int root, const std::string& path) {
    Descriptor at(::openat(root, ".", folder_flags));
    for (std::size_t begin = 0; at && begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        at = Descriptor(::openat(at.get(), path.substr(begin, end - begin).c_str(), folder_flags));
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

}  // namespace

Merge::Merge(int from, const std::string& to)
    : from_(from), where_(to), to_(::open(to.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!to_) throw fs::io_error(to, "open");
    look(from, to_.get(), {});
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
    for (const fs::OpenFolder::Entry& each : folder.entries(where_)) {
        const std::string full = path.empty() ? each.name : path + "/" + each.name;
        struct stat status{};
        if (::fstatat(to, each.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT) throw fs::io_error(where_ + "/" + full, "look at");
            moves_.push_back({path, each.name});
            continue;
        }
        if (!S_ISDIR(status.st_mode) || !is_folder(from, each.name)) {
            taken_.push_back(full);
            continue;
        }
        const Descriptor below(::openat(from, each.name.c_str(), folder_flags));
        const Descriptor there(::openat(to, each.name.c_str(), folder_flags));
        if (!below || !there) throw fs::io_error(where_ + "/" + full, "open the folder");
        both_.insert(full);
        look(below.get(), there.get(), full);
    }
}

void Merge::apply() {
    for (std::size_t i = 0; i < moves_.size(); ++i) {
        const auto [folder, name] = moves_[i];
        const Descriptor from = open_below(from_, folder), to = open_below(to_.get(), folder);
        if (from && to && move(from.get(), to.get(), name.c_str()) == 0) continue;
        const std::string path = folder.empty() ? where_ : std::string(where_).append("/").append(folder);
        const Error error = fs::io_error(path + "/" + name, "create");
        while (i-- > 0) {
            const Descriptor back = open_below(from_, moves_[i].folder), taken = open_below(to_.get(), moves_[i].folder);
            if (back && taken) move(taken.get(), back.get(), moves_[i].name.c_str());
        }
        throw error;
    }
}

}  // namespace reseal::package
