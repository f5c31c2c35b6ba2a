// SPDX-License-Identifier: BSL-1.0
#pragma once
// The strings in an image's load commands by which dyld finds libraries (mach-o/loader.h: lc_str): install names, rpaths, the
// path of dyld itself. Where each stands, and how far the commands could grow.
#include <cstdint>
#include <string_view>
#include <vector>

#include "macho/range.hpp"

namespace reseal::macho {

/// One such string. Offsets count from the image's first byte.
struct CommandString {
    std::uint32_t command;  ///< LC_RPATH, LC_ID_DYLIB, …
    Range place;            ///< the whole load command
    Range text;             ///< without its NUL
    bool operator==(const CommandString&) const = default;
};

/// All of them, ascending; none where the load commands do not parse. A string that no NUL ends within its command is none.
/// `head` holds as many bytes as header_bytes_wanted() asks for.
std::vector<CommandString> command_strings(std::string_view head);

/// The first byte of the image that belongs to a section, a segment or the signature: the load commands end before it, and what
/// lies between is theirs to grow into. The end of the load commands where nothing says so.
std::uint64_t contents_begin(std::string_view head);

}  // namespace reseal::macho
