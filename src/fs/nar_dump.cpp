// SPDX-License-Identifier: BSL-1.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <reseal/nar.hpp>

#include "bytes/endian.hpp"
#include "container/nar.hpp"
#include "fs/case_hack.hpp"
#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"

namespace reseal {
namespace {

using fs::Descriptor;
using fs::io_error;
using fs::OpenFolder;

constexpr std::size_t word = 8;

std::size_t padding_of(std::uint64_t size) { return static_cast<std::size_t>(-size % word); }

/// One string of the archive: its length, its bytes, zeros.
std::string nar_string(std::string_view bytes) {
    std::string out(word, '\0');
    bytes::store<std::uint64_t>(out.data(), bytes.size(), bytes::Order::little);
    return out.append(bytes).append(padding_of(bytes.size()), '\0');
}

std::string nar_strings(std::initializer_list<std::string_view> all) {
    std::string out;
    for (std::string_view each : all) out += nar_string(each);
    return out;
}

/// Each is as much framing as comes in one piece.
struct Tags {
    std::string folder = nar_strings({"(", "type", "directory"});
    std::string entry = nar_strings({"entry", "(", "name"});
    std::string node = nar_string("node");
    std::string close = nar_string(")");
    std::string symlink = nar_strings({"(", "type", "symlink", "target"});
    std::string regular = nar_strings({"(", "type", "regular", "contents"});
    std::string executable = nar_strings({"(", "type", "regular", "executable", "", "contents"});
};

/// A name in a folder, of which the archive may have the first part only.
struct Entry {
    std::string disk_name;
    std::size_t name_size;
    unsigned char type;
    std::string_view name() const { return std::string_view(disk_name).substr(0, name_size); }
};

class Dump {
public:
    Dump(Sink& out, NarOptions options) : out_(out), options_(options), buffer_(new char[capacity]) {}

    void run(const std::string& path) {
        path_ = path;
        put(container::Nar::magic);
        node(AT_FDCWD, path.c_str(), DT_UNKNOWN, 0);
        flush();
    }

private:
    // A small file needs one read(2) and no write(2) of its own; a pipe of 64 KiB takes it in one, a larger one as fast.
    static constexpr std::size_t capacity = std::size_t{64} * 1024;

    void node(int at, const char* name, unsigned char type, std::size_t depth) {
        if (depth >= container::nar_max_depth)
            throw refusal("deeper than the " + std::to_string(container::nar_max_depth) + " levels of an archive");
        switch (type == DT_UNKNOWN ? type_of(at, name) : type) {
            case DT_REG: return file(at, name);
            case DT_DIR: return folder(at, name, depth);
            case DT_LNK: return link(at, name);
            default: throw refusal("neither a regular file nor a folder nor a symbolic link");
        }
    }

    unsigned char type_of(int at, const char* name) {
        struct stat status{};
        if (::fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) != 0) throw io_error(path_, "open");
        return S_ISREG(status.st_mode)   ? DT_REG
               : S_ISDIR(status.st_mode) ? DT_DIR
               : S_ISLNK(status.st_mode) ? DT_LNK
                                         : DT_CHR;  // or any other that we cannot take
    }

    void folder(int at, const char* name, std::size_t depth) {
        OpenFolder open(at, name);
        if (!open) throw io_error(path_, "open");
        put(tags_.folder);
        std::vector<OpenFolder::Entry> listed = open.entries(path_);
        std::vector<Entry> entries = in_order(listed);
        const std::size_t size = path_.size();
        for (const Entry& entry : entries) {
            if (!path_.ends_with('/')) path_ += '/';
            path_ += entry.disk_name;
            if (entry.name_size == 0 || entry.name_size > container::nar_max_name)
                throw refusal("a name of " + std::to_string(entry.name_size) + " bytes, an archive takes 1 to " +
                              std::to_string(container::nar_max_name));
            put(tags_.entry);
            put_string(entry.name());
            put(tags_.node);
            node(open.descriptor(), entry.disk_name.c_str(), entry.type, depth + 1);
            put(tags_.close);
            path_.resize(size);
        }
        put(tags_.close);
    }

    std::vector<Entry> in_order(std::vector<OpenFolder::Entry>& listed) {
        std::vector<Entry> entries;
        entries.reserve(listed.size());
        for (OpenFolder::Entry& each : listed) {
            std::size_t size = options_.case_hack ? fs::without_case_hack(each.name).size() : each.name.size();
            entries.push_back({std::move(each.name), size, each.type});
        }
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name() < b.name(); });
        auto same = std::adjacent_find(entries.begin(), entries.end(),
                                       [](const Entry& a, const Entry& b) { return a.name() == b.name(); });
        if (same != entries.end())
            throw refusal("file name collision between '" + same->disk_name + "' and '" + (same + 1)->disk_name + "'");
        return entries;
    }

    void link(int at, const char* name) {
        put(tags_.symlink);
        // One byte more than is allowed, so that a target that is too long is not taken for one that is not.
        char* to = room(word + container::nar_max_target + 1 + word);
        ssize_t size = ::readlinkat(at, name, to + word, container::nar_max_target + 1);
        if (size < 0) throw io_error(path_, "read the link");
        if (size == 0 || static_cast<std::size_t>(size) > container::nar_max_target)
            throw refusal("a link whose target has not 1 to " + std::to_string(container::nar_max_target) + " bytes");
        bytes::store<std::uint64_t>(to, static_cast<std::uint64_t>(size), bytes::Order::little);
        used_ += word + static_cast<std::size_t>(size);
        pad(static_cast<std::uint64_t>(size));
        put(tags_.close);
    }

    void file(int at, const char* name) {
        // Not to hang where a FIFO took the file's place.
        Descriptor fd(::openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        if (!fd) throw io_error(path_, "open");
        struct stat status{};
        if (::fstat(fd.get(), &status) != 0) throw io_error(path_, "open");
        if (!S_ISREG(status.st_mode)) throw refusal("no regular file any more");
        auto size = static_cast<std::uint64_t>(status.st_size);
        put(status.st_mode & S_IXUSR ? tags_.executable : tags_.regular);
        bytes::store<std::uint64_t>(room(word), size, bytes::Order::little);
        used_ += word;
        contents(fd.get(), size);
        pad(size);
        put(tags_.close);
    }

    // Always asks for one byte more than is left: whether the file has grown comes for free.
    void contents(int fd, std::uint64_t left) {
        for (;;) {
            if (capacity - used_ < std::min<std::uint64_t>(left + 1, capacity)) flush();
            auto asked = static_cast<std::size_t>(std::min<std::uint64_t>(left + 1, capacity - used_));
            ssize_t count = ::read(fd, buffer_.get() + used_, asked);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) throw io_error(path_, "read");
            auto got = static_cast<std::size_t>(count);
            if (got > left || (got == 0 && left > 0)) throw refusal("changed its size while it was being read");
            used_ += got;
            left -= got;
            if (left == 0 && got < asked) return;
        }
    }

    void put_string(std::string_view bytes) {
        char* to = room(word + bytes.size());
        bytes::store<std::uint64_t>(to, bytes.size(), bytes::Order::little);
        std::memcpy(to + word, bytes.data(), bytes.size());
        used_ += word + bytes.size();
        pad(bytes.size());
    }

    void put(std::string_view bytes) {
        std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
        used_ += bytes.size();
    }

    void pad(std::uint64_t size) { put(std::string_view("\0\0\0\0\0\0\0", padding_of(size))); }

    /// Where the next bytes go, `size` of them at least.
    char* room(std::size_t size) {
        if (capacity - used_ < size) flush();
        return buffer_.get() + used_;
    }

    void flush() {
        if (used_ > 0) out_.write({buffer_.get(), used_});
        used_ = 0;
    }

    Error refusal(const std::string& what) const { return Error(ErrorCode::io, what, path_); }

    Sink& out_;
    NarOptions options_;
    Tags tags_;
    std::string path_;  // of what is being dumped, for messages
    std::unique_ptr<char[]> buffer_;
    std::size_t used_ = 0;
};

}  // namespace

void dump_nar(const std::filesystem::path& path, Sink& out, NarOptions options) { Dump(out, options).run(path.string()); }

}  // namespace reseal
