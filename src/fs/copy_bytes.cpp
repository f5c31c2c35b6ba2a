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
#include "fs/write_at.hpp"

namespace reseal::fs {
namespace {

/// Whether the system cannot write; any other failure of a call that copies is no reason to believe that it cannot be done
/// in another way, and nothing copied none that the file ends.
[[maybe_unused]] bool disk_is_full() { return errno == ENOSPC || errno == EDQUOT || errno == EFBIG; }

constexpr std::size_t large_block = std::size_t{256} << 10, small_block = std::size_t{4} << 10;
constexpr std::uint64_t most_at_once = std::uint64_t{1} << 30;

/// Through our memory, to `at` in the other file. Returns how many bytes there were.
std::uint64_t copy_through(int from, std::uint64_t offset, std::uint64_t count, int to, std::uint64_t at, std::size_t block,
                           const std::string& name) {
    std::string buffer;
    std::uint64_t done = 0;
    while (done < count) {
        buffer.resize(block);
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count - done, block));
        const ssize_t got = ::pread(from, buffer.data(), wanted, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw io_error(name, "read what is to be written to");
        if (got == 0) break;
        write_at(to, std::string_view(buffer).substr(0, static_cast<std::size_t>(got)), at + done, name);
        done += static_cast<std::uint64_t>(got);
    }
    return done;
}

/// To the same place in the other file. Returns where it ended: at range.to, or with the file.
std::uint64_t copy_part(int from, int to, DataRange range, const std::string& name) {
    std::uint64_t at = range.from;
#if defined(__linux__)
    for (auto read = static_cast<loff_t>(at), written = read; at < range.to; at = static_cast<std::uint64_t>(read)) {
        const auto wanted = static_cast<std::size_t>(std::min(range.to - at, most_at_once));
        const ssize_t count = ::copy_file_range(from, &read, to, &written, wanted, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && disk_is_full()) throw io_error(name, "write");
        if (count <= 0) break;
    }
#endif
    // Where the system has done it, this only finds the end.
    const std::size_t block = at == range.from ? large_block : small_block;
    return at + copy_through(from, at, range.to - at, to, at, block, name);
}

/// The data of a file with holes, and its size.
std::uint64_t copy_data(int from, int to, std::uint64_t size, const std::string& name) {
    for (std::uint64_t at = 0; at < size;) {
        const DataRange data = next_data(from, at, size);
        at = copy_part(from, to, data, name);
        if (at < data.to) return at;
    }
    set_size(to, size, name);
    return size;
}

}  // namespace

std::uint64_t copy_range(int from, std::uint64_t offset, std::uint64_t count, int to, const std::string& name) {
    std::uint64_t done = 0;
#if defined(__linux__)
    for (auto at = static_cast<off_t>(offset); done < count;) {
        const ssize_t got = ::sendfile(to, from, &at, static_cast<std::size_t>(std::min(count - done, most_at_once)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && disk_is_full()) throw io_error(name, "write");
        if (got <= 0) break;
        done += static_cast<std::uint64_t>(got);
    }
#endif
    return done + copy_through(from, offset + done, count - done, to, done, large_block, name);
}

std::uint64_t copy_bytes(int from, int to, const std::string& name) {
    struct stat status{};
    std::uint64_t at = 0;
    if (::fstat(from, &status) == 0 && may_have_holes(status))
        at = copy_data(from, to, static_cast<std::uint64_t>(status.st_size), name);
    return copy_part(from, to, {at, std::numeric_limits<off_t>::max()}, name);
}

}  // namespace reseal::fs
