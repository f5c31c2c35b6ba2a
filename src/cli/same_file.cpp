// SPDX-License-Identifier: BSL-1.0
#include "cli/same_file.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <system_error>

namespace reseal::cli {
namespace {

std::optional<struct stat> status(const FileName& of) {
    struct stat found{};
    const int result = of.name == "-" ? ::fstat(of.standard, &found) : ::stat(of.name.c_str(), &found);
    if (result != 0) return {};
    return found;
}

// Where a file of this name would be made: links are followed, also one to nothing yet.
std::filesystem::path place(std::filesystem::path path) {
    constexpr int most_links = 40;
    std::error_code error;
    for (int links = 0; links < most_links && std::filesystem::is_symlink(path, error); ++links)
        path = path.parent_path() / std::filesystem::read_symlink(path, error);
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    return std::filesystem::weakly_canonical(folder, error) / path.filename();
}

}  // namespace

bool same_file(const FileName& one, const FileName& other) {
    const auto a = status(one), b = status(other);
    if (a && b) return (S_ISREG(a->st_mode) || S_ISFIFO(a->st_mode)) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
    return !a && !b && one.name != "-" && other.name != "-" && place(one.name) == place(other.name);
}

}  // namespace reseal::cli
