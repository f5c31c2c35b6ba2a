// SPDX-License-Identifier: BSL-1.0
#include "fs/copy_bytes.hpp"

#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "fs/io_error.hpp"
#include "fs/write_at.hpp"

namespace reseal::fs {
namespace {

#if defined(__linux__)
/// As far as the system does it: an error, or nothing copied, is no reason to believe that the file ends here.
std::uint64_t copy_inside(int from, int to, const std::string& name) {
    constexpr std::size_t most = std::size_t{1} << 30;
    loff_t read = 0, written = 0;
    for (;;) {
        const ssize_t count = ::copy_file_range(from, &read, to, &written, most, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) throw io_error(name, "write");
        if (count <= 0) return static_cast<std::uint64_t>(read);
    }
}
#endif

}  // namespace

std::uint64_t copy_bytes(int from, int to, const std::string& name) {
    std::uint64_t at = 0;
#if defined(__linux__)
    at = copy_inside(from, to, name);
#endif
    std::string buffer;
    for (;;) {
        if (buffer.empty()) buffer.resize(at == 0 ? std::size_t{256} << 10 : std::size_t{4} << 10);
        const ssize_t count = ::pread(from, buffer.data(), buffer.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw io_error(name, "read");
        if (count == 0) return at;
        write_at(to, std::string_view(buffer).substr(0, static_cast<std::size_t>(count)), at, name);
        at += static_cast<std::uint64_t>(count);
    }
}

}  // namespace reseal::fs
