// SPDX-License-Identifier: BSL-1.0
#include "package/record_path.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t path_shown = 200;  // bytes of a path that a message shows

[[noreturn]] void refuse(std::string_view path, const char* why, const std::string& where) {
    std::string what = "the path '";
    what.append(printable(path.substr(0, path_shown))).append(path.size() > path_shown ? "…' " : "' ").append(why);
    throw Error(ErrorCode::malformed, what, where);
}

}  // namespace

std::string record_path(std::string_view path, const std::string& where) {
    if (path.empty()) refuse(path, "is empty", where);
    if (path.size() > max_path_bytes) refuse(path, "is longer than 4096 bytes", where);
    if (path.find('\0') != path.npos) refuse(path, "holds a NUL", where);
    if (path.front() == '/') refuse(path, "is absolute", where);
    std::optional<std::string> out = plain_path(path);
    if (!out) refuse(path, "leads out of the prefix", where);
    if (out->empty()) refuse(path, "is the prefix itself", where);
    return std::move(*out);
}

void refuse_repeated(std::vector<std::string_view> paths, const std::string& where) {
    std::sort(paths.begin(), paths.end());
    const auto twice = std::adjacent_find(paths.begin(), paths.end());
    if (twice != paths.end()) refuse(*twice, "is there twice", where);
}

}  // namespace reseal::package
