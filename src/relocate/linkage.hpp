// SPDX-License-Identifier: BSL-1.0
#pragma once
// The paths by which a program finds its libraries, and what becomes of them when prefixes move: install names and rpaths of
// Mach-O images, where they may grow, interpreter and library paths of ELF files, where they may not. Found by structure, not
// by search: a prefix that is mere data stays.
#include <reseal/finding.hpp>
#include <reseal/relocation.hpp>
#include <reseal/source.hpp>
#include <string>
#include <vector>

#include "relocate/placed_edit.hpp"

namespace reseal::relocate {

struct Linkage {
    PlacedEdits edits;              ///< ascending, not overlapping; none where the file is refused
    std::vector<Finding> findings;  ///< errors only: why it is refused
    bool operator==(const Linkage&) const = default;
};

/// Bytes of one file's edits, altogether.
inline constexpr std::size_t max_linkage_bytes = 8u << 20;

/// What changes in `file`; nothing for a file that is neither Mach-O nor ELF. A prefix counts at the beginning of a path where
/// a component ends with it; of several the longest. `name` is the file's, in findings.
Linkage plan_linkage(const Source& file, const std::vector<PrefixPair>& pairs, const std::string& name);

}  // namespace reseal::relocate
