// SPDX-License-Identifier: BSL-1.0
#pragma once
// The segments and sections of one image by where they stand in its file and in memory: what turns an offset or an address into
// a name that a person knows.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "macho/range.hpp"

namespace reseal::macho {

struct Section {
    std::string segment, name;  ///< at most 16 bytes each, of any kind
    std::uint64_t address = 0;
    Range file;  ///< of the image, whatever its header says; nothing of it for a section of zeros
};

struct Segment {
    std::string name;
    std::uint64_t address = 0, memory_size = 0;
    Range file;               ///< of the image, whatever its header says
    bool executable = false;  ///< mapped so from the beginning
};

/// More than a linker makes (a symbol names its section in one byte). What is beyond them is left out.
constexpr std::size_t max_segments = 256, max_sections = 4096;

struct Layout {
    std::vector<Segment> segments;  ///< in the order of the load commands
    std::vector<Section> sections;  ///< the same

    /// The one that holds the byte at an offset of the image; null where none does.
    const Segment* segment_at(std::uint64_t offset) const;
    const Section* section_at(std::uint64_t offset) const;
    /// Where in the image the byte at an address stands, as the image was linked; nothing for what no file holds.
    std::optional<std::uint64_t> offset_of(std::uint64_t address) const;
    /// The address that the image's first byte was linked to, from which the system slides it.
    std::optional<std::uint64_t> base() const;
};

/// `head`: the image's first bytes (header_bytes_wanted()). As far as its load commands hold together.
Layout parse_layout(std::string_view head);

}  // namespace reseal::macho
