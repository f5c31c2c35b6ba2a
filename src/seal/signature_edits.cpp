// SPDX-License-Identifier: BSL-1.0
#include "seal/signature_edits.hpp"

#include <algorithm>

#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::seal {
namespace {

constexpr std::uint64_t blob_header = 8;

struct Classifier {
    SignatureEdits& edits;
    macho::Range change;

    bool hits(const macho::Range& part) const { return part.size != 0 && change.overlaps(part); }
    void forbid(Code code, std::string what) {
        if (!edits.forbidden) edits.forbidden = macho::Defect{code, change.offset, std::move(what)};
    }

    void in_directory(const macho::CodeDirectory& directory) {
        const macho::Range& team = directory.team;
        // The NULs that end the strings are structure: without one a string would run on into what follows.
        macho::Range identifier_end{directory.identifier.end(), 1};
        macho::Range team_end{team.end(), team.offset != 0 ? 1u : 0u};
        for (const macho::Range& part : {directory.fixed, identifier_end, team_end})
            if (hits(part)) forbid(Code::structure_edited, "an edit lies in a CodeDirectory's header or ends a string in it");
        if (hits(directory.slots)) forbid(Code::structure_edited, "an edit lies in a CodeDirectory's hashes");
        for (const std::optional<macho::Range>& part : {directory.scatter_list, directory.pre_encrypt, directory.linkage})
            if (part && hits(*part)) forbid(Code::structure_edited, "an edit lies in a CodeDirectory's tables");
        if ((hits(directory.identifier) || hits(team)) && !edits.identity) edits.identity = change.offset;
    }

    void in_blob(const macho::Blob& blob, bool cms_goes) {
        if (!hits(blob.range)) return;
        if (!edits.touches(blob.slot)) edits.blobs.push_back(blob.slot);
        if (!edits.first) edits.first = change.offset;
        if (blob.is_codedirectory()) return;  // looked at part by part
        if (hits({blob.range.offset, blob_header}))
            forbid(Code::structure_edited, "an edit lies in the header of the blob in slot " + macho::hex(blob.slot));
        if (blob.slot == macho::slot_cms && !cms_goes) forbid(Code::cms_edited, "an edit lies in the CMS blob");
    }
};

}  // namespace

bool SignatureEdits::touches(std::uint32_t slot) const { return std::find(blobs.begin(), blobs.end(), slot) != blobs.end(); }

SignatureEdits classify(const macho::Signature& signature, const SignatureBytes& bytes, bool cms_goes) {
    SignatureEdits edits;
    for (const macho::Range& change : bytes.changes()) {
        Classifier classifier{edits, change};
        if (classifier.hits({0, signature.super.index_end}))
            classifier.forbid(Code::structure_edited, "an edit lies in the SuperBlob's header or index");
        for (const macho::Blob& blob : signature.super.blobs) classifier.in_blob(blob, cms_goes);
        for (const macho::CodeDirectory& directory : signature.directories) classifier.in_directory(directory);
    }
    return edits;
}

}  // namespace reseal::seal
