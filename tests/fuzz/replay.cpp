// SPDX-License-Identifier: BSL-1.0
// Runs a fuzz target over its corpus where there is no libFuzzer: any compiler, an ordinary test.
// usage: replay-TARGET FOLDER
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "fuzz/feed.hpp"

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const std::filesystem::path& path : paths) {
        std::printf("%s\n", path.filename().c_str());
        std::fflush(stdout);
        std::ifstream file(path, std::ios::binary);
        std::vector<std::uint8_t> bytes(std::filesystem::file_size(path));
        if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()))) return 2;
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    return paths.empty() ? 2 : 0;
}
