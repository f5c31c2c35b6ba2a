// SPDX-License-Identifier: BSL-1.0
#include "support/testdata.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace reseal::support {

std::string testdata(const std::string& path) {
    const char* folder = std::getenv("RESEAL_TESTDATA");
    if (folder == nullptr) throw std::runtime_error("RESEAL_TESTDATA is not set; `meson test` sets it");
    const std::filesystem::path whole = std::filesystem::path(folder) / path;
    std::ifstream file(whole, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(std::filesystem::file_size(whole)), '\0');
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) throw std::runtime_error("cannot read " + whole.string());
    return bytes;
}

}  // namespace reseal::support
