// SPDX-License-Identifier: BSL-1.0
#pragma once
// Package managers write down what the files of an environment look like where it is (`sha256_in_prefix`), and take a file that
// has moved for one that somebody altered. So these digests move along; one that was not true before stays as it is.
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::package {

/// A file of so many bytes with that SHA-256, 32 bytes.
struct Contents {
    std::string sha256;
    std::uint64_t size = 0;
};

Contents contents_of(std::string_view bytes);

/// What became of a file or a link.
struct MovedContents {
    std::vector<Contents> before;  ///< as it was: one of these is what metadata tell of it, if they tell the truth
    Contents after;
    std::vector<std::string> prefixes = {};  ///< that were found in it as it was built
};
/// By path below the prefix. A link's contents are its target.
using MovedPaths = std::map<std::string, MovedContents>;

/// The text of conda-meta/<name-version-build>.json with digests that tell of the files as they are now, and sizes where it
/// told those of installed files (as rattler does; conda keeps those of the package). Nothing else changes. Throws Error
/// (ErrorCode::malformed, entry `file`) as read_prefix_record().
std::string follow_moves(std::string_view text, const std::string& file, const MovedPaths& moved);

}  // namespace reseal::package
