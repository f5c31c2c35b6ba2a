// SPDX-License-Identifier: BSL-1.0
#include "fs/copy_bytes.hpp"

#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/sendfile.h>
#endif

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string_view>

#include "fs/holes.hpp"
#include "fs/io_error.hpp"
#include "fs/write_all.hpp"
#include "fs/write_at.hpp"

namespace reseal::fs {
namespace {

#if defined(__linux__)
/// As far as the system does it: an error, or nothing copied, is no reason to believe that the file ends here.
std::uint64_t copy_inside(int from, int to, FileRange range, const std::string& name) {
    constexpr std::uint64_t most = std::uint64_t{1} << 30;
    auto read = static_cast<loff_t>(range.from), written = read;
    while (static_cast<std::uint64_t>(read) < range.to) {
        const auto wanted = static_cast<std::size_t>(std::min(range.to - static_cast<std::uint64_t>(read), most));
        const ssize_t count = ::copy_file_range(from, &read, to, &written, wanted, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) throw io_error(name, "write");
        if (count <= 0) break;
    }
    return static_cast<std::uint64_t>(read);
}
#endif

/// Returns where it ended: at range.to, or with the file.
std::uint64_t copy_range(int from, int to, FileRange range, const std::string& name) {
#if defined(__linux__)
    std::uint64_t at = copy_inside(from, to, range, name);
#else
    std::uint64_t at = range.from;
#endif
    std::string buffer;
    while (at < range.to) {
        if (buffer.empty()) buffer.resize(at == range.from ? std::size_t{256} << 10 : std::size_t{4} << 10);
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(range.to - at, buffer.size()));
        const ssize_t count = ::pread(from, buffer.data(), wanted, static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw io_error(name, "read");
        if (count == 0) break;
        write_at(to, std::string_view(buffer).substr(0, static_cast<std::size_t>(count)), at, name);
        at += static_cast<std::uint64_t>(count);
    }
    return at;
}

/// The data of a file with holes, and its size.
std::uint64_t copy_data(int from, int to, std::uint64_t size, const std::string& name) {
    for (std::uint64_t at = 0; at < size;) {
        const FileRange data = next_data(from, at, size);
        at = copy_range(from, to, data, name);
        if (at < data.to) return at;
    }
    set_size(to, size, name);
    return size;
}

}  // namespace

std::uint64_t copy_range(int from, std::uint64_t offset, std::uint64_t count, int to, const std::string& name) {
    std::uint64_t done = 0;
#if defined(__linux__)
    constexpr std::uint64_t most = std::uint64_t{1} << 30;
    for (auto at = static_cast<off_t>(offset); done < count;) {
        const ssize_t got = ::sendfile(to, from, &at, static_cast<std::size_t>(std::min(count - done, most)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) throw io_error(name, "write");
        if (got <= 0) break;  // what is read below says why
        done += static_cast<std::uint64_t>(got);
    }
#endif
    std::string buffer;
    while (done < count) {
        buffer.resize(std::size_t{256} << 10);
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count - done, buffer.size()));
        const ssize_t got = ::pread(from, buffer.data(), wanted, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw io_error(name, "read what is to be written to");
        if (got == 0) break;
        write_all(to, std::string_view(buffer).substr(0, static_cast<std::size_t>(got)), name);
        done += static_cast<std::uint64_t>(got);
    }
    return done;
}

std::uint64_t copy_bytes(int from, int to, const std::string& name) {
    struct stat status{};
    std::uint64_t at = 0;
    if (::fstat(from, &status) == 0 && may_have_holes(status))
        at = copy_data(from, to, static_cast<std::uint64_t>(status.st_size), name);
    return copy_range(from, to, {at, std::numeric_limits<off_t>::max()}, name);
}

}  // namespace reseal::fs
