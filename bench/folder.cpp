// SPDX-License-Identifier: BSL-1.0
#include "folder.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace bench {

namespace fs = std::filesystem;

std::string place_in_memory() { return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : place_on_disk(); }
std::string place_on_disk() { return fs::temp_directory_path().string(); }

Folder::Folder(const std::string& place) : path(place + "/reseal-bench-XXXXXX") {
    if (mkdtemp(path.data()) == nullptr) std::abort();
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
}

void put(const std::string& path, std::string_view bytes) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace bench
