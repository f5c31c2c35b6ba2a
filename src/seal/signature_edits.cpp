// SPDX-License-Identifier: BSL-1.0
#include "seal/signature_edits.hpp"

#include <algorithm>

#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::seal {
namespace {

constexpr std::uint64_t blob_header = 8;

/// Asks of one part after the other whether a byte of it differs. Nothing is kept of an edit but where the first of its kind
/// stands: there may be as many edits as a signature has bytes.
struct Classifier {
    SignatureEdits& edits;
    const SignatureBytes& bytes;

    static void keep_first(std::optional<std::uint64_t>& first, std::uint64_t at) {
        if (!first || at < *first) first = at;
    }
    void forbid(const macho::Range& part, Code code, const std::string& what) {
        std::optional<std::uint64_t> at = bytes.first_change(part);
        if (at && (!edits.forbidden || *at < edits.forbidden->offset)) edits.forbidden = macho::Defect{code, *at, what};
    }

    void in_directory(const macho::CodeDirectory& directory) {
        const macho::Range& team = directory.team;
        // The NULs that end the strings are structure: without one a string would run on into what follows.
        macho::Range identifier_end{directory.identifier.end(), 1};
        macho::Range team_end{team.end(), team.offset != 0 ? 1u : 0u};
        for (const macho::Range& part : {directory.fixed, identifier_end, team_end})
            forbid(part, Code::structure_edited, "an edit lies in a CodeDirectory's header or ends a string in it");
        forbid(directory.slots, Code::structure_edited, "an edit lies in a CodeDirectory's hashes");
        for (const std::optional<macho::Range>& part : {directory.scatter_list, directory.pre_encrypt, directory.linkage})
            if (part) forbid(*part, Code::structure_edited, "an edit lies in a CodeDirectory's tables");
        for (const macho::Range& part : {directory.identifier, team})
            if (std::optional<std::uint64_t> at = bytes.first_change(part)) keep_first(edits.identity, *at);
    }

    void in_blob(const macho::Blob& blob, bool cms_goes) {
        std::optional<std::uint64_t> at = bytes.first_change(blob.range);
        if (!at) return;
        edits.blobs.push_back(blob.slot);
        keep_first(edits.first, *at);
        if (blob.is_codedirectory()) return;  // looked at part by part
        forbid({blob.range.offset, blob_header}, Code::structure_edited,
               "an edit lies in the header of the blob in slot " + macho::hex(blob.slot));
        if (blob.slot == macho::slot_cms && !cms_goes) forbid(blob.range, Code::cms_edited, "an edit lies in the CMS blob");
    }
};

}  // namespace

bool SignatureEdits::touches(std::uint32_t slot) const { return std::find(blobs.begin(), blobs.end(), slot) != blobs.end(); }

SignatureEdits classify(const macho::Signature& signature, const SignatureBytes& bytes, bool cms_goes) {
    SignatureEdits edits;
    Classifier classifier{edits, bytes};
    classifier.forbid({0, signature.super.index_end}, Code::structure_edited,
                      "an edit lies in the SuperBlob's header or index");
    for (const macho::Blob& blob : signature.super.blobs) classifier.in_blob(blob, cms_goes);
    for (const macho::CodeDirectory& directory : signature.directories) classifier.in_directory(directory);
    return edits;
}

}  // namespace reseal::seal
