// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file may have holes: ranges that read as zeros and take no room on its disk. A copy of 100 GB of them takes no room either.
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace reseal::fs {

/// Whether it takes less room than it has bytes.
bool may_have_holes(const struct stat& status);

/// The bytes [from, to) of a file.
struct DataRange {
    std::uint64_t from, to;
};

/// The first range of `size` bytes that holds data at `at` or behind it; empty, at `size`, where there is none. Where the
/// system does not say, all of it holds data.
DataRange next_data(int fd, std::uint64_t at, std::uint64_t size);

/// write_at() but for blocks of zeros: in a file that has nothing there yet they are holes. One that ends with a hole gets its
/// size from set_size(). Both throw Error (ErrorCode::io) naming `name`.
void write_data_at(int fd, std::string_view bytes, std::uint64_t at, const std::string& name);
void set_size(int fd, std::uint64_t size, const std::string& name);

}  // namespace reseal::fs
