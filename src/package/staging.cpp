// SPDX-License-Identifier: BSL-1.0
#include "package/staging.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "fs/absolute_path.hpp"
#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/path_parts.hpp"
#include "fs/rename.hpp"
#include "package/merge.hpp"
#include "package/stream.hpp"

namespace reseal::package {
namespace {

using fs::Descriptor;
using fs::io_error;

constexpr std::chrono::milliseconds between_tries(20);

std::array<timespec, 2> times(const std::optional<Time>& modified) {
    timespec out{0, UTIME_OMIT};
    if (modified) out = {static_cast<time_t>(modified->seconds), std::clamp(modified->nanoseconds, 0L, 999999999L)};
    return {out, out};
}

bool is_empty(const std::string& path) {
    fs::OpenFolder folder(AT_FDCWD, path.c_str());
    if (!folder) throw io_error(path, "open");
    return folder.entries(path).size() <= 1;  // ours is in it
}

}  // namespace

Staging::Staging(const std::string& destination, bool merge) : destination_(fs::absolute_path(destination)) {
    settle(destination, merge);
    tree_ = private_->path() + "/tree";
    const mode_t mask = ::umask(0);
    ::umask(mask);
    root_mode_ = 0777 & ~mask;
    if (::mkdir(tree_.c_str(), S_IRWXU) != 0) throw io_error(tree_, "create");
    root_ = Descriptor(::open(tree_.c_str(), fs::folder_flags));
    if (!root_ || ::fchmod(root_.get(), S_IRWXU) != 0) throw io_error(tree_, "open");
    probe();
}

void Staging::settle(const std::string& destination, bool merge) {
    struct stat status{};
    if (::lstat(destination_.c_str(), &status) == 0 && S_ISLNK(status.st_mode))
        throw Error(ErrorCode::io,
                    "a symbolic link, which would be replaced or written through; name the folder that it is to stand for, and "
                    "by --prefix what files are to call it",
                    destination);
    if (::stat(destination_.c_str(), &status) != 0) {
        if (errno != ENOENT) throw io_error(destination, "create");
        private_ = std::make_unique<fs::PrivateFolder>(fs::folder_of(destination_));
        return;
    }
    if (!S_ISDIR(status.st_mode)) throw io_error(destination, "create", EEXIST);
    exists_ = true;
    private_ = std::make_unique<fs::PrivateFolder>(destination_);
    if (!merge && !is_empty(destination_))
        throw Error(ErrorCode::io, "the folder is not empty; --merge adds to what it holds", destination);
}

void Staging::probe() {
    const char *small = ".reseal-case", *large = ".reseal-CASE";
    const Descriptor made(::openat(root_.get(), small, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777));
    struct stat status{};
    if (!made || ::fstat(made.get(), &status) != 0) throw io_error(tree_, "write to");
    granted_ = status.st_mode & 0777u;
    folds_case_ = ::fstatat(root_.get(), large, &status, AT_SYMLINK_NOFOLLOW) == 0;
    ::unlinkat(root_.get(), small, 0);
}

bool Staging::is_taken(const std::string& path) const {
    struct stat status{};
    return exists_ && ::lstat(blame(path).c_str(), &status) == 0;
}

std::string Staging::blame(std::string_view path) const {
    return path.empty() ? destination_ : destination_ + "/" + std::string(path);
}

Descriptor Staging::open_folder(int root, std::string_view path, FolderNotes* made) const {
    Descriptor at(::openat(root, ".", fs::folder_flags));
    for (std::size_t begin = 0; at && begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string name(path.substr(begin, end - begin));
        begin = end + 1;
        Descriptor next(::openat(at.get(), name.c_str(), fs::folder_flags));
        if (!next && errno == ENOENT && made != nullptr && ::mkdirat(at.get(), name.c_str(), S_IRWXU) == 0) {
            (*made)[std::string(path.substr(0, end))] = {root_mode_, {}};  // unless the archive says more of it
            ::fchmodat(at.get(), name.c_str(), S_IRWXU, 0);                // whatever the umask
            next = Descriptor(::openat(at.get(), name.c_str(), fs::folder_flags));
        }
        if (!next) throw io_error(blame(path), "open the folder");
        at = std::move(next);
    }
    if (!at) throw io_error(blame(path), "open the folder");
    return at;
}

Staging::Folder Staging::folder(std::string_view path) {
    const std::lock_guard lock(mutex_);
    if (last_folder_ && last_ == path) return last_folder_;
    last_folder_ = std::make_shared<const Descriptor>(open_folder(root_.get(), path, &notes_));
    last_ = path;
    return last_folder_;
}

std::pair<Staging::Folder, std::string> Staging::place(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) return {folder({}), std::string(path)};
    return {folder(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

Descriptor Staging::create(const Folder& folder, const std::string& name, const std::string& path, unsigned mode) const {
    Descriptor made(::openat(folder->get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC,
                             static_cast<mode_t>(mode)));
    if (!made) throw io_error(blame(path), "create");
    return made;
}

Descriptor Staging::open_to_change(const Folder& folder, const std::string& name) const {
    return Descriptor(::openat(folder->get(), name.c_str(), O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
}

Descriptor Staging::open(const Folder& folder, const std::string& name, const std::string& path) const {
    Descriptor file(::openat(folder->get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
    if (!file) throw io_error(blame(path), "open");
    return file;
}

void Staging::rename(const Folder& folder, const std::string& from, const std::string& to, const std::string& path) const {
    if (::renameat(folder->get(), from.c_str(), folder->get(), to.c_str()) != 0) throw io_error(blame(path), "replace");
}

void Staging::remove(const std::string& name) {
    std::erase_if(notes_, [&](const auto& each) { return each.first == name || each.first.starts_with(name + "/"); });
    fs::remove_tree(root_.get(), name);
}

void Staging::symlink(const Entry& entry, const std::string& target) {
    const auto [in, name] = place(entry.path);
    if (::symlinkat(target.c_str(), in->get(), name.c_str()) != 0) throw io_error(blame(entry.path), "create");
    // A link's own time matters to nobody; some file systems have none.
    if (entry.modified) ::utimensat(in->get(), name.c_str(), times(entry.modified).data(), AT_SYMLINK_NOFOLLOW);
}

void Staging::hard_link(const std::string& path, const std::string& existing) {
    const auto [from, from_name] = place(existing);
    const auto [to, to_name] = place(path);
    if (::linkat(from->get(), from_name.c_str(), to->get(), to_name.c_str(), 0) != 0) throw io_error(blame(path), "link");
}

void Staging::note_folder(const Entry& entry) {
    folder(entry.path);
    const std::lock_guard lock(mutex_);
    if (!entry.path.empty()) notes_[entry.path] = {entry.mode, entry.modified};  // of a folder that came twice the later counts
}

void Staging::dress(const Descriptor& file, unsigned mode, const std::optional<Time>& modified, const std::string& path) const {
    if (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0) throw io_error(blame(path), "set the permissions");
    if (modified && ::futimens(file.get(), times(modified).data()) != 0) throw io_error(blame(path), "set the time");
}

void Staging::finish(const Descriptor& file, unsigned mode, const std::optional<Time>& modified,
                     const std::string& path) const {
    if ((mode & ~granted_) != 0) return dress(file, mode, modified, path);
    if (modified && ::futimens(file.get(), times(modified).data()) != 0) throw io_error(blame(path), "set the time");
}

/// The deepest first, since what is set above may close the way.
void Staging::dress_folders(int root, const FolderNotes& notes) const {
    for (const auto& [path, note] : notes) dress(open_folder(root, path, nullptr), note.mode, note.modified, path);
}

void Staging::take_turn(const std::function<bool()>& stop) {
    if (!exists_ || turn_) return;  // one that is not there comes by a rename that can happen once
    Descriptor folder(::open(destination_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) throw io_error(destination_, "open");
    while (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) throw io_error(destination_, "lock");
        if (stop()) throw Stopped();
        std::this_thread::sleep_for(between_tries);
    }
    turn_ = std::move(folder);
}

void Staging::publish(const std::string& first) {
    last_folder_.reset();
    if (exists_) {
        Merge merge(root_.get(), destination_, first);
        std::erase_if(notes_, [&](const auto& each) { return merge.is_there(each.first); });
        FolderNotes closed;  // to their owner: one that may not be written cannot be moved
        for (auto note = notes_.begin(); note != notes_.end();) {
            const auto next = std::next(note);
            if ((note->second.mode & S_IRWXU) != S_IRWXU) closed.insert(notes_.extract(note));
            note = next;
        }
        dress_folders(root_.get(), notes_);
        merge.apply();
        dress_folders(merge.destination(), closed);
        return;
    }
    dress_folders(root_.get(), notes_);
    if (::fchmod(root_.get(), root_mode_ | S_IWUSR) != 0) throw io_error(destination_, "set the permissions");
    if (fs::rename_exclusive(AT_FDCWD, tree_.c_str(), AT_FDCWD, destination_.c_str()) != 0) {
        if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) throw io_error(destination_, "create");
        // Only an empty folder can have come there meanwhile, or the rename fails.
        if (::rename(tree_.c_str(), destination_.c_str()) != 0) throw io_error(destination_, "create");
    }
    if ((root_mode_ & S_IWUSR) == 0 && ::fchmod(root_.get(), root_mode_) != 0)
        throw io_error(destination_, "set the permissions");
}

}  // namespace reseal::package
