// SPDX-License-Identifier: BSL-1.0
#pragma once
// The table at the head of a universal (fat) file: which bytes of the file are which image. Big-endian; 0xcafebabe with entries
// of 20 bytes or 0xcafebabf with entries of 32 (mach-o/fat.h). Java class files share 0xcafebabe.
#include <cstdint>
#include <string_view>
#include <vector>

#include "macho/defect.hpp"
#include "macho/range.hpp"

namespace reseal::macho {

struct Slice {
    std::uint32_t cputype, cpusubtype;
    Range range;              ///< of the file
    std::uint32_t align = 0;  ///< log2 of what its offset is said to be a multiple of; any number
    bool hidden = false;      ///< one past the count: Security takes it, the kernel does not look there
    bool operator==(const Slice&) const = default;
};

struct FatTable {
    std::vector<Slice> slices;  ///< by offset, whatever their order in the table; they do not overlap
    std::uint64_t size;         ///< bytes of header and table
    bool operator==(const FatTable&) const = default;
};

/// Whether a file that begins so may be universal. Needs 4 bytes.
bool is_fat(std::string_view head);
/// Whether its offsets would have 64 bits. Needs 4 bytes.
bool is_wide_fat(std::string_view head);

/// How many of the file's first bytes parse_fat() wants to see, as far as `head` tells: ask again with that many. At most some
/// 2 KiB. At least 8.
std::size_t fat_bytes_wanted(std::string_view head);

/// The table in the file's first bytes. An empty table means that this is no universal file at all (a Java class, a table cut
/// short by the end of the file).
Parsed<FatTable> parse_fat(std::string_view head);

}  // namespace reseal::macho
