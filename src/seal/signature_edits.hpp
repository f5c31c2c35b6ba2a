// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the edits that fell into a signature mean: which blobs they change, and whether one of them hit what nobody may change.
#include <cstdint>
#include <optional>
#include <vector>

#include "macho/signature.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::seal {

struct SignatureEdits {
    std::vector<std::uint32_t> blobs;        ///< slots of the blobs, CodeDirectories included, with a changed byte
    std::optional<std::uint64_t> identity;   ///< first change in an identifier or team
    std::optional<std::uint64_t> first;      ///< first change in any blob
    std::optional<macho::Defect> forbidden;  ///< a change in structure, hashes, or the CMS blob

    bool touches(std::uint32_t slot) const;
};

/// Changes in padding behind the SuperBlob and in gaps between blobs appear nowhere: nothing seals those bytes. A CMS blob's
/// contents may change only when they are about to be thrown away (`cms_goes`). Offsets count from the signature's first byte.
SignatureEdits classify(const macho::Signature& signature, const SignatureBytes& bytes, bool cms_goes);

}  // namespace reseal::seal
