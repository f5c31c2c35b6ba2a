// SPDX-License-Identifier: BSL-1.0
#pragma once
// An embedded signature as a whole: its SuperBlob and every CodeDirectory in it.
#include <string_view>
#include <vector>

#include "macho/codedirectory.hpp"
#include "macho/superblob.hpp"

namespace reseal::macho {

struct Signature {
    SuperBlob super;
    std::vector<CodeDirectory> directories;  ///< in the SuperBlob's order; one in slot 0, no two of one hash type

    const CodeDirectory& primary() const;
    /// The one that the kernel goes by (ubc_subr.c, hash_rank): of SHA-384, else SHA-256, else SHA-256 truncated, else SHA-1.
    const CodeDirectory& chosen() const;
};

/// The kernel goes by the CodeDirectory of the highest rank.
int kernel_rank(HashType hash);

/// `bytes`: those that LC_CODE_SIGNATURE names; offsets count from the first of them.
Parsed<Signature> parse_signature(std::string_view bytes);

}  // namespace reseal::macho
