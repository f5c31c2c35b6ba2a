// SPDX-License-Identifier: BSL-1.0
#pragma once
// The index of an embedded signature: which blob stands where. Big-endian (xnu osfmk/kern/cs_blobs.h, CS_SuperBlob).
#include <cstdint>
#include <string_view>
#include <vector>

#include "macho/defect.hpp"
#include "macho/range.hpp"

namespace reseal::macho {

struct Blob {
    std::uint32_t slot;
    Range range;  ///< of the signature; header of 8 bytes included
    bool is_codedirectory() const;
};

struct SuperBlob {
    std::uint64_t length = 0;     ///< bytes; what follows in the signature is padding that nothing reads
    std::uint64_t index_end = 0;  ///< bytes of header and index; 0 for a CodeDirectory that stands alone
    std::vector<Blob> blobs;      ///< in the index's order; they lie within, do not overlap, each slot once

    const Blob* find(std::uint32_t slot) const;
    /// CMS-signed: the CMS blob holds more than its header. Flags do not decide.
    bool cms_signed() const;
};

/// The magic that the blob in a slot has; 0 where any will do.
std::uint32_t magic_of_slot(std::uint32_t slot);

/// `signature`: the bytes that LC_CODE_SIGNATURE names. The kernel also takes a bare CodeDirectory, which comes out as an index
/// of one.
Parsed<SuperBlob> parse_superblob(std::string_view signature);

}  // namespace reseal::macho
