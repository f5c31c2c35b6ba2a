// SPDX-License-Identifier: BSL-1.0
#pragma once
// Puts the hashes of what was touched into the signature of one image: code slots of touched pages, special slots of touched
// blobs, in every CodeDirectory; nothing else changes. A slot is overwritten only if it was right before.
#include <cstdint>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <vector>

#include "macho/header.hpp"
#include "seal/page_hasher.hpp"
#include "seal/remark.hpp"
#include "seal/section_hasher.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::seal {

/// What is known of an image when its signature has gone by.
struct Touched {
    const macho::Header& header;      ///< with a signature and no defect
    std::uint64_t slice_offset;       ///< of the image in its file
    PageHasher& pages;                ///< all of its code
    const SectionHasher* info_plist;  ///< null where there is no such section
};

struct Sealed {
    ImageStatus status = ImageStatus::untouched;
    std::vector<CodeDirectoryReport> directories;
    std::vector<macho::Range> erased;  ///< of the signature: what stood in there is gone; only when downgraded
    std::vector<Remark> remarks;       ///< of severity error exactly when the status is refused
};

/// Whether it was refused for what the image is, not for a policy or for want of a library.
bool unsealable(const Sealed& sealed);

/// `signature` goes out as it stands afterwards, unless the status is refused: then it is good for nothing.
Sealed seal(const Touched& image, SignatureBytes& signature, CmsPolicy cms, StalePolicy stale);

}  // namespace reseal::seal
