// SPDX-License-Identifier: BSL-1.0
#include "cli/absolute_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "fs/io_error.hpp"

namespace reseal::cli {

std::string absolute_path(const std::string& path) {
    namespace stdfs = std::filesystem;
    bool climbs = false;
    for (const stdfs::path& part : stdfs::path(path)) climbs = climbs || part == "..";
    if (climbs) {
        // Where a link stands before it, `..` is not where its name says.
        const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
        if (!real) throw fs::io_error(path, "open");
        return real.get();
    }
    std::string out = stdfs::absolute(path).lexically_normal().string();
    while (out.size() > 1 && out.ends_with('/')) out.pop_back();
    return out;
}

}  // namespace reseal::cli
