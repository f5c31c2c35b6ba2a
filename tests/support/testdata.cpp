// SPDX-License-Identifier: BSL-1.0
#include "support/testdata.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace support {
namespace {

std::filesystem::path root() {
    const char* folder = std::getenv("RESEAL_TESTDATA");
    if (folder == nullptr) throw std::runtime_error("RESEAL_TESTDATA is not set; `meson test` sets it");
    return folder;
}

}  // namespace

std::string testdata(const std::string& path) {
    const std::filesystem::path full = root() / path;
    std::ifstream file(full, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(std::filesystem::file_size(full)), '\0');
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        throw std::runtime_error("cannot read " + full.string());
    return bytes;
}

std::vector<std::string> testdata_files(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder))
        if (entry.is_regular_file()) paths.push_back(entry.path().lexically_relative(root()).string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace support
