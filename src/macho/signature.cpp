// SPDX-License-Identifier: BSL-1.0
#include "macho/signature.hpp"

#include <algorithm>

#include "macho/constants.hpp"

namespace reseal::macho {

const CodeDirectory& Signature::primary() const {
    return *std::find_if(directories.begin(), directories.end(),
                         [](const CodeDirectory& each) { return each.slot == slot_codedirectory; });
}

Parsed<Signature> parse_signature(std::string_view bytes) {
    Parsed<SuperBlob> super = parse_superblob(bytes);
    if (!super) return super.defect();
    Signature signature{*super, {}};
    for (const Blob& blob : super->blobs) {
        if (!blob.is_codedirectory()) continue;
        Parsed<CodeDirectory> directory = parse_codedirectory(bytes, blob.slot, blob.range);
        if (!directory) return directory.defect();
        for (const CodeDirectory& other : signature.directories)
            if (other.hash == directory->hash)  // the kernel picks by hash type and rejects a tie
                return Defect{Code::codedirectory_duplicate, blob.range.offset,
                              "two CodeDirectories of hash type " + std::string(name(other.hash))};
        signature.directories.push_back(std::move(*directory));
    }
    if (super->find(slot_codedirectory) == nullptr) return Defect{Code::codedirectory_missing, 0, "no CodeDirectory in slot 0"};
    return signature;
}

}  // namespace reseal::macho
