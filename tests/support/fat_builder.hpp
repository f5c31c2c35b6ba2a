// SPDX-License-Identifier: BSL-1.0
#pragma once
// Puts images into a universal file, in well-formed and in odd ways.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/image_builder.hpp"

namespace support {

struct SliceSpec {
    std::string bytes;
    std::uint32_t cputype = cpu_arm64;
    std::uint32_t cpusubtype = 0;
    std::optional<std::uint64_t> offset;  ///< in the table, instead of where the bytes are
    std::optional<std::uint64_t> size;    ///< in the table, instead of how many there are

    SliceSpec(std::string contents, std::uint32_t cpu, std::uint32_t subtype = 0)
        : bytes(std::move(contents)), cputype(cpu), cpusubtype(subtype) {}
    SliceSpec(const Image& image) : SliceSpec(image.bytes, image.cputype, image.cpusubtype) {}
};

struct FatSpec {
    std::vector<SliceSpec> slices;       ///< in the order of their bytes
    bool wide = false;                   ///< FAT_MAGIC_64
    bool table_reversed = false;         ///< the table names them in reverse order
    bool hidden_last = false;            ///< the last slice stands in the table one past the count
    unsigned align = 14;                 ///< log2
    char fill = '\0';                    ///< of the bytes between slices
    std::optional<std::uint32_t> count;  ///< instead of the number of slices
    std::string trailer;                 ///< behind the last slice
};

struct Fat {
    std::string bytes;
    std::vector<std::uint64_t> offsets;  ///< of the slices, in the order of their bytes
};

Fat build(const FatSpec& spec);
/// A plain universal file.
Fat fat(const std::vector<SliceSpec>& slices, bool wide = false);

}  // namespace support
