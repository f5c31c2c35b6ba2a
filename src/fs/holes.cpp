// SPDX-License-Identifier: BSL-1.0
#include "fs/holes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fs/io_error.hpp"
#include "fs/write_at.hpp"

namespace reseal::fs {
namespace {

constexpr std::uint64_t stat_block = 512;  // what st_blocks counts in, whatever the file system's own are
constexpr std::size_t block = 4096;

bool all_zeros(std::string_view bytes) {
    return bytes.front() == '\0' && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace

bool may_have_holes(const struct stat& status) {
    return static_cast<std::uint64_t>(status.st_blocks) < static_cast<std::uint64_t>(status.st_size) / stat_block;
}

DataRange next_data(int fd, std::uint64_t at, std::uint64_t size) {
    DataRange data{at, size};
#ifdef SEEK_DATA
    const off_t from = ::lseek(fd, static_cast<off_t>(at), SEEK_DATA);
    if (from < 0) return errno == ENXIO ? DataRange{size, size} : data;
    data.from = std::min(static_cast<std::uint64_t>(from), size);
    const off_t to = ::lseek(fd, from, SEEK_HOLE);
    if (to > from) data.to = std::min(static_cast<std::uint64_t>(to), size);
#else
    static_cast<void>(fd);
#endif
    return data;
}

void write_data_at(int fd, std::string_view bytes, std::uint64_t at, const std::string& name) {
    while (!bytes.empty()) {
        std::size_t data = 0;
        for (std::string_view part; data < bytes.size(); data += part.size()) {
            part = bytes.substr(data, block);
            if (all_zeros(part)) break;
        }
        write_at(fd, bytes.substr(0, data), at, name);
        const std::size_t done = std::min(data + block, bytes.size());
        bytes.remove_prefix(done);
        at += done;
    }
}

void set_size(int fd, std::uint64_t size, const std::string& name) {
    if (::ftruncate(fd, static_cast<off_t>(size)) != 0) throw io_error(name, "write");
}

}  // namespace reseal::fs
