// SPDX-License-Identifier: BSL-1.0
#pragma once
// A stream taken apart by the library, gathered for comparing.
#include <cstddef>
#include <map>
#include <reseal/options.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Demuxed {
    reseal::Format format = reseal::Format::automatic;
    std::string joined;                           ///< all runs
    std::map<std::string, std::string> contents;  ///< by path; of all files of one path, one after the other
    std::map<std::string, std::string> targets;
    std::vector<std::string> names;
    std::size_t files = 0;  ///< begun
    std::size_t whole = 0;  ///< ended
    std::string malformed;  ///< entry, what and offset; empty for a whole stream
    bool operator==(const Demuxed&) const = default;
};

/// Amends every header too, as if its targets had been edited, and throws std::logic_error when a parser breaks its contract: a
/// target outside its header, contents that begin or end twice.
Demuxed demux(reseal::Format format, std::string_view stream, std::size_t chunk);

}  // namespace support
