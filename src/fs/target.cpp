// SPDX-License-Identifier: BSL-1.0
#include "fs/target.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <charconv>
#include <climits>
#include <optional>

#include "fs/io_error.hpp"
#include "fs/path_parts.hpp"

namespace reseal::fs {
namespace {

constexpr int most_links = 40;  // as Linux has it

// Opening /dev/fd/N anew would start at the file's first byte and fails for sockets; the descriptor itself does neither.
std::optional<int> own_descriptor(std::string_view path) {
    if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    for (std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        if (!path.starts_with(folder)) continue;
        int fd = -1;
        const char* end = path.data() + path.size();
        auto [stop, error] = std::from_chars(path.data() + folder.size(), end, fd);
        if (error == std::errc() && stop == end && fd >= 0) return fd;
    }
    return {};
}

std::string follow(const std::string& link, const std::string& asked) {
    std::array<char, PATH_MAX> to;
    ssize_t size = ::readlink(link.c_str(), to.data(), to.size());
    if (size < 0) throw io_error(asked, "follow the link");
    std::string target(to.data(), static_cast<std::size_t>(size));
    return target.starts_with('/') ? target : folder_of(link) + "/" + target;
}

Target straight(int fd, const std::string& asked) {
    if (fd < 0) throw io_error(asked, "open");
    return {{}, {}, Descriptor(fd)};
}

}  // namespace

Target find_target(const std::string& asked) {
    std::string path = asked;
    for (int links = 0; links <= most_links; ++links) {
        if (auto fd = own_descriptor(path)) return straight(::fcntl(*fd, F_DUPFD_CLOEXEC, 0), asked);
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0) {
            if (errno != ENOENT || name_of(path).empty()) throw io_error(asked, "create");
            return {folder_of(path), name_of(path), {}};
        }
        if (S_ISDIR(status.st_mode)) throw io_error(asked, "write", EISDIR);
        if (S_ISREG(status.st_mode)) return {folder_of(path), name_of(path), {}};
        if (!S_ISLNK(status.st_mode)) return straight(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY), asked);
        path = follow(path, asked);
    }
    throw io_error(asked, "follow the link", ELOOP);
}

}  // namespace reseal::fs
