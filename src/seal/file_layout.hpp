// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the images of a file that can be sought stand, and what their headers say: what the verifier and the reader of hints
// begin with. Never reads more than a table of slices or an image's load commands.
#include <cstdint>
#include <optional>
#include <reseal/source.hpp>
#include <string>
#include <vector>

#include "macho/fat.hpp"
#include "macho/header.hpp"
#include "macho/range.hpp"

namespace reseal::seal {

struct FileLayout {
    bool fat = false;
    bool wide = false;                    ///< fat, with offsets of 64 bits
    std::uint64_t table_size = 0;         ///< bytes in front of the first slice that the table takes; 0 for a thin file
    std::vector<macho::Slice> slices;     ///< by offset; a thin file is one slice that spans it, its cpu not filled in
    std::optional<macho::Defect> defect;  ///< a fat file whose table does not hold together
};

/// No slices and no defect: neither fat nor thin. What stands in the slices of a fat file has not been looked at.
FileLayout read_layout(const Source& file);

/// Where the last of what the headers tell of ends, in a file that may be shorter or go on; 0 for what does not hold together.
/// Nothing where they do not say, as those of an object file.
std::optional<std::uint64_t> declared_end(const Source& file);

/// The bytes of `range`, fewer where the file ends first. They are all kept: the caller has a maximum for range.size.
std::string read_range(const Source& file, const macho::Range& range);

/// What stands at the head of a slice.
struct SliceHead {
    bool image = false;                   ///< it begins with a thin Mach-O's magic
    std::string bytes;                    ///< header and load commands, as far as they are there
    std::optional<macho::Header> header;  ///< nothing when the load commands do not parse
};

/// `size`: of the image, where more is known than that the file ends somewhere.
SliceHead read_head(const Source& file, const macho::Range& slice, std::optional<std::uint64_t> size);

}  // namespace reseal::seal
