// SPDX-License-Identifier: BSL-1.0
#pragma once
// The index of a signature that need not hold together: every blob that can be found, and what keeps the others from it.
// parse_superblob() stops at the first defect.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "macho/superblob.hpp"

namespace reseal::macho {

struct ListedBlob {
    std::uint32_t slot = 0;
    std::uint32_t magic = 0;  ///< 0: it lies outside of the signature
    Range range;              ///< of the signature, as the index and the blob say
    std::string fault;        ///< empty: it lies within, overlaps none before it, and has its slot's magic
};

struct SuperBlobListing {
    std::uint64_t length = 0;         ///< as it says
    std::vector<ListedBlob> blobs;    ///< in the index's order, at most max_blobs
    std::vector<std::string> faults;  ///< of the SuperBlob itself

    /// Those without a fault, each slot once: as good as parsed.
    SuperBlob sound() const;
};

/// `signature`: the bytes that LC_CODE_SIGNATURE names, or those that there are.
SuperBlobListing list_superblob(std::string_view signature);

}  // namespace reseal::macho
