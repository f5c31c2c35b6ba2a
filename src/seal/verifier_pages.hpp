// SPDX-License-Identifier: BSL-1.0
#pragma once
// One pass over an image's code that hashes every page for every CodeDirectory.
#include <cstdint>
#include <reseal/source.hpp>
#include <string_view>
#include <vector>

#include "macho/codedirectory.hpp"
#include "macho/range.hpp"

namespace reseal::seal {

struct CheckedPages {
    std::vector<std::int64_t> stale;        ///< code slots that are not the hash of their page; ascending
    std::vector<std::int64_t> pre_encrypt;  ///< … of which the pre-encryption hash is not, either way; ascending
    bool complete = true;                   ///< false: the file ended before the code limit
};

/// One result per directory, in their order. `image` is a range of the file, `signature` the bytes the directories were parsed
/// from. Needs every directory to obey the page rules and its hash to be available. With `jobs`
/// other than 1 (0: one a processor) so many threads read and hash; what comes out is the same.
std::vector<CheckedPages> check_pages(const Source& file, const macho::Range& image, std::string_view signature,
                                      const std::vector<const macho::CodeDirectory*>& directories, unsigned jobs = 1);

}  // namespace reseal::seal
