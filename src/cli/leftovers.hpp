// SPDX-License-Identifier: BSL-1.0
#pragma once
// --leftovers: what a tree that was moved still holds of placeholders and old prefixes, in every encoding, in files as they are
// and inside of compressed ones, where no move reaches.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/layers.hpp"
#include "cli/relocate_options.hpp"
#include "relocate/encoding.hpp"

namespace reseal::cli {

struct Leftover {
    std::string path;                 ///< below the path that was searched
    std::vector<PackedLayer> layers;  ///< from the file inwards
    bool target = false;              ///< it stands in where a symbolic link points
    std::uint64_t offset = 0;         ///< of what the innermost layer expands to
    relocate::Encoding encoding = relocate::Encoding::utf8;
    std::string prefix;
    bool operator==(const Leftover&) const = default;
};

struct Leftovers {
    static constexpr std::size_t max_listed = 1000;  ///< of one file; the rest only count

    std::vector<Leftover> found;  ///< by file
    std::uint64_t count = 0;      ///< all of them
    std::vector<Unread> unread;   ///< files and layers that could not be searched, or not to their end
    std::uint64_t files = 0, bytes = 0;
};

struct LeftoverQuery {
    std::vector<std::string> old;  ///< what should not be there any more
    /// What may: an old prefix within one of these is none. One that is the same as an old one is not sought at all.
    std::vector<std::string> now;
    /// Names that are left out, as those of metadata which tells placeholders because it has to; one that ends in a slash, with
    /// all below.
    std::vector<std::string> except;
};

/// Searches the files and links at and below `paths`, on `jobs` processors (0: all). Throws Error (ErrorCode::io) for a path
/// with nothing at it, (ErrorCode::rules) for prefixes that cannot be sought.
Leftovers find_leftovers(const std::vector<std::string>& paths, const LeftoverQuery& query, unsigned jobs);

/// On standard output, or where that is the report's, only how many on standard error.
void say_leftovers(const Leftovers& leftovers, const RelocateOptions& options);

/// A line each, for people: `lib/x.gz: gzip: /old/prefix at 12 (utf-16-le)`.
std::string leftovers_text(const Leftovers& leftovers);
/// As docs/relocation-report.schema.json has them.
nlohmann::ordered_json leftovers_json(const Leftovers& leftovers);

}  // namespace reseal::cli
