// SPDX-License-Identifier: BSL-1.0
#include "fs/absolute_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "fs/io_error.hpp"
#include "fs/path_parts.hpp"

namespace reseal::fs {
namespace {

std::optional<std::string> resolved(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
    return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

}  // namespace

std::string absolute_path(const std::string& path) {
    namespace stdfs = std::filesystem;
    bool climbs = false;
    for (const stdfs::path& part : stdfs::path(path)) climbs = climbs || part == "..";
    if (!climbs) return without_slashes(stdfs::absolute(path).lexically_normal().string());
    if (const std::optional<std::string> there = resolved(path)) return *there;
    const int why = errno;
    const std::string plain = without_slashes(path), name = name_of(plain);
    if (why == ENOENT && name != "." && name != "..")
        if (const std::optional<std::string> folder = resolved(folder_of(plain)))
            return folder->ends_with('/') ? *folder + name : *folder + "/" + name;
    throw io_error(path, "open", why);
}

}  // namespace reseal::fs
