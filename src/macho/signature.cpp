// SPDX-License-Identifier: BSL-1.0
#include "macho/signature.hpp"

#include <algorithm>

#include "macho/constants.hpp"

namespace reseal::macho {

const CodeDirectory& Signature::primary() const {
    return *std::find_if(directories.begin(), directories.end(),
                         [](const CodeDirectory& each) { return each.slot == slot_codedirectory; });
}

const CodeDirectory& Signature::chosen() const {
    return *std::max_element(directories.begin(), directories.end(), [](const CodeDirectory& one, const CodeDirectory& other) {
        return kernel_rank(one.hash) < kernel_rank(other.hash);
    });
}

int kernel_rank(HashType hash) {
    switch (hash) {
        case HashType::sha1: return 1;
        case HashType::sha256_truncated: return 2;
        case HashType::sha256: return 3;
        case HashType::sha384: return 4;
        case HashType::sha512: return 0;  // no kernel knows it
    }
    return 0;
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
