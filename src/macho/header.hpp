// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the header and load commands of one image (a thin Mach-O) say that matters for its signature (mach-o/loader.h).
#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes/endian.hpp"
#include "macho/defect.hpp"
#include "macho/range.hpp"

namespace reseal::macho {

struct Header {
    bytes::Order order;
    bool wide;  ///< 64-bit
    std::uint32_t cputype, cpusubtype, filetype;
    std::uint64_t commands_end;       ///< bytes of header and load commands
    std::optional<Range> signature;   ///< of the image, as the first LC_CODE_SIGNATURE says
    std::optional<Range> info_plist;  ///< section __TEXT,__info_plist
    std::optional<Range> linkedit;    ///< segment __LINKEDIT
    std::optional<Range> uuid;        ///< the 16 bytes of the only LC_UUID
    bool sections_fit = true;         ///< whether every segment command holds as many sections as it says
    std::optional<Defect> defect;     ///< why no image with such a header can be resealed
    bool operator==(const Header&) const = default;

    /// Whether the system refuses to load it without a signature.
    bool must_be_signed() const;
};

/// Whether an image may begin so. Needs 4 bytes.
bool is_thin(std::string_view head);

/// How many of the image's first bytes parse_header() wants to see, as far as `head` tells: ask again with that many. At most
/// max_load_commands plus the header: an image that says it has more is judged by its header alone.
std::size_t header_bytes_wanted(std::string_view head);

/// Nothing when the load commands do not parse: then these are plain bytes. `image_size`, where it is known, is the length of
/// the slice.
std::optional<Header> parse_header(std::string_view head, std::optional<std::uint64_t> image_size);

}  // namespace reseal::macho
