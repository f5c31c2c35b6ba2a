// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the benchmarks of whole commands have their files.
#include <string>
#include <string_view>

namespace bench {

/// In memory where that can be had: what a disk does meanwhile is ten times the difference.
std::string place_in_memory();
/// Where temporary files go.
std::string place_on_disk();

/// A folder of its own, gone at the end with all that is in it.
struct Folder {
    explicit Folder(const std::string& place = place_in_memory());
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path;
};

/// Writes a file, and the folders above it where they are not there.
void put(const std::string& path, std::string_view bytes);

}  // namespace bench
