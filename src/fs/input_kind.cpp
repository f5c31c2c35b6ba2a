// SPDX-License-Identifier: BSL-1.0
#include "fs/input_kind.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "fs/io_error.hpp"

namespace reseal::fs {
namespace {

/// "/dev/fd/3" or what Linux makes of it.
bool is_number_of_ours(std::string_view path) {
    constexpr std::array<std::string_view, 2> folders = {"/dev/fd/", "/proc/self/fd/"};
    return std::any_of(folders.begin(), folders.end(), [&](std::string_view each) { return path.starts_with(each); });
}

bool is_standard_input(std::string_view path) {
    return path == "-" || path == "/dev/stdin" || (is_number_of_ours(path) && path.ends_with("/0"));
}

}  // namespace

Kind kind_of_input(const std::string& path) {
    if (is_standard_input(path)) {
        struct stat status{};
        const bool regular = path != "-" && ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
        return regular ? Kind::regular : Kind::other;
    }
    const Kind kind = kind_of(path);
    if (kind != Kind::other) return kind;
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) throw io_error(path, "open");
    const bool pipe = S_ISFIFO(status.st_mode);
    if (pipe && is_number_of_ours(path)) return kind;
    const std::string what = pipe ? "a pipe" : S_ISSOCK(status.st_mode) ? "a socket" : "a device";
    throw Error(ErrorCode::io, "is " + what + ", neither a file nor a folder; give it as standard input: -", path);
}

}  // namespace reseal::fs
