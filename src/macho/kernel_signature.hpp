// SPDX-License-Identifier: BSL-1.0
#pragma once
// An embedded signature as the kernel reads it (xnu bsd/kern/ubc_subr.c, cs_validate_csblob and cs_validate_codedirectory),
// which is less strict than parse_signature(): blobs may overlap, slots may be there twice, versions may be any, and no
// CodeDirectory has to stand in slot 0.
#include <cstdint>
#include <string_view>

#include "macho/codedirectory.hpp"
#include "macho/superblob.hpp"

namespace reseal::macho {

struct KernelSignature {
    /// The CodeDirectory that counts. Its code limit is the 32-bit one, the only one the kernel reads; of its parts only slots
    /// and scatter are filled in, and the scatter list as far as it is in order.
    CodeDirectory chosen;
    std::uint64_t limit_64 = 0;  ///< its code limit of 64 bits, if it has one
    SuperBlob super;             ///< of its blobs those that the kernel hashes: entitlements and constraints
};

/// `signature`: the bytes that LC_CODE_SIGNATURE names. `largest_page_log2`: of the processor's pages, the only ones of a
/// CodeDirectory that are taken beside those of 4096 bytes. A CodeDirectory that is not chosen has to hold together too.
Parsed<KernelSignature> parse_kernel_signature(std::string_view signature, std::uint8_t largest_page_log2);

}  // namespace reseal::macho
