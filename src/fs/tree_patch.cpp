// SPDX-License-Identifier: BSL-1.0
#include "fs/tree_patch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes/difference.hpp"
#include "fs/entry_place.hpp"
#include "fs/io_error.hpp"
#include "fs/write_at.hpp"

namespace reseal::fs {
namespace {

Descriptor open_to_write(const std::string& name) {
    return Descriptor(::open(name.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

/// The umask may have made a file or a folder that its owner cannot write.
bool let_write(const std::string& name) {
    struct stat status{};
    if (::lstat(name.c_str(), &status) != 0) return false;
    return (status.st_mode & S_IWUSR) != 0 || ::chmod(name.c_str(), status.st_mode | S_IWUSR) == 0;
}

}  // namespace

void TreePatch::before(std::string_view chunk) {
    held_.erase(0, std::exchange(compared_, 0));
    held_ += chunk;
    reader_.feed(chunk);
    note_parts();
}

void TreePatch::note_parts() {
    NarEvent event;
    while (reader_.next(event)) {
        if (event.kind == NarEvent::Kind::contents) {
            if (event.first) file_size_ = 0;
            if (!event.bytes.empty()) parts_.push_back({event.offset, event.bytes.size(), file_size_, reader_.path(), false});
            file_size_ += event.bytes.size();
        } else if (event.kind == NarEvent::Kind::symlink) {
            parts_.push_back({event.offset, event.bytes.size(), 0, reader_.path(), true});
        }
    }
}

void TreePatch::after(std::string_view chunk) {
    const std::string_view old = std::string_view(held_).substr(compared_, chunk.size());
    if (old.size() < chunk.size()) throw Error(ErrorCode::misuse, "more bytes to write than were read", tree_);
    for (Difference at = next_difference(old, chunk, 0); !at.empty(); at = next_difference(old, chunk, at.to))
        differs(position_ + at.from, chunk.substr(at.from, at.to - at.from));
    compared_ += chunk.size();
    position_ += chunk.size();
    forget_parts(position_);
}

void TreePatch::forget_parts(std::uint64_t to) {
    while (!parts_.empty() && parts_.front().at + parts_.front().size <= to) parts_.pop_front();
}

void TreePatch::differs(std::uint64_t from, std::string_view bytes) {
    while (!bytes.empty()) {
        forget_parts(from);
        if (parts_.empty() || parts_.front().at > from)
            throw Error(ErrorCode::misuse, "the framing of the archive has changed", tree_, from);
        const Part& part = parts_.front();
        const std::string_view here = bytes.substr(0, static_cast<std::size_t>(part.at + part.size - from));
        part.symlink ? relink(part, from - part.at, here) : write(part, part.from + (from - part.at), here);
        bytes_written_ += here.size();
        bytes.remove_prefix(here.size());
        from += here.size();
    }
}

void TreePatch::write(const Part& part, std::uint64_t from, std::string_view bytes) {
    const std::string name = entry_place(tree_, part.path);
    if (open_path_ != name || !open_) {
        open_ = open_to_write(name);
        if (!open_ && let_write(name)) open_ = open_to_write(name);
        if (!open_) throw io_error(name, "open");
        open_path_ = name;
    }
    write_at(open_.get(), bytes, from, name);
}

void TreePatch::relink(const Part& part, std::uint64_t from, std::string_view bytes) {
    const std::string name = entry_place(tree_, part.path);
    std::string target(static_cast<std::size_t>(part.size), '\0');
    const ssize_t size = ::readlink(name.c_str(), target.data(), target.size());
    if (size < 0) throw io_error(name, "read the link");
    if (static_cast<std::uint64_t>(size) != part.size) throw Error(ErrorCode::io, "the link has changed", name);
    target.replace(static_cast<std::size_t>(from), bytes.size(), bytes);
    if (name != tree_) let_write(name.substr(0, name.rfind('/')));
    if (::unlink(name.c_str()) != 0 || ::symlink(target.c_str(), name.c_str()) != 0) throw io_error(name, "replace the link");
}

void TreePatch::finish() {
    reader_.end();
    note_parts();
    if (compared_ != held_.size()) throw Error(ErrorCode::misuse, "fewer bytes to write than were read", tree_);
    if (open_ && !open_.close()) throw io_error(open_path_, "close");
}

}  // namespace reseal::fs
