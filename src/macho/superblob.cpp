// SPDX-License-Identifier: BSL-1.0
#include "macho/superblob.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::macho {
namespace {

Parsed<SuperBlob> alone(std::string_view signature, std::uint32_t length) {
    Range range{0, length};
    if (length < 8 || !range.within(signature.size()))
        return Defect{
            Code::blob_malformed, 4,
            "a CodeDirectory of " + std::to_string(length) + " bytes in a signature of " + std::to_string(signature.size())};
    return SuperBlob{length, 0, {{slot_codedirectory, range}}};
}

}  // namespace

std::uint32_t magic_of_slot(std::uint32_t slot) {
    if (slot == slot_codedirectory || (slot >= slot_alternate && slot < slot_alternate_end)) return magic_codedirectory;
    if (slot == slot_requirements) return magic_requirements;
    if (slot == slot_entitlements) return magic_entitlements;
    if (slot == slot_der_entitlements) return magic_der_entitlements;
    if (slot > slot_der_entitlements && slot <= slot_library_constraint) return magic_constraint;
    if (slot == slot_cms) return magic_cms;
    return 0;
}

bool Blob::is_codedirectory() const { return magic_of_slot(slot) == magic_codedirectory; }

const Blob* SuperBlob::find(std::uint32_t slot) const {
    for (const Blob& blob : blobs)
        if (blob.slot == slot) return &blob;
    return nullptr;
}

bool SuperBlob::cms_signed() const {
    const Blob* cms = find(slot_cms);
    return cms != nullptr && cms->range.size > 8;
}

Parsed<SuperBlob> parse_superblob(std::string_view signature) {
    bytes::Reader reader(signature, bytes::Order::big);
    std::uint32_t magic = reader.u32(), length = reader.u32();
    if (magic == magic_codedirectory) return alone(signature, length);
    std::uint32_t count = reader.u32();
    if (!reader.ok()) return Defect{Code::superblob_malformed, 0, "the signature is too short for a SuperBlob"};
    if (magic != magic_superblob) return Defect{Code::superblob_malformed, 0, "no SuperBlob but magic " + hex(magic)};
    if (length > signature.size())
        return Defect{
            Code::superblob_malformed, 4,
            "a SuperBlob of " + std::to_string(length) + " bytes in a signature of " + std::to_string(signature.size())};
    if (count > max_blobs)
        return Defect{Code::superblob_malformed, 8, std::to_string(count) + " blobs, more than " + std::to_string(max_blobs)};

    SuperBlob super{length, 12 + 8 * std::uint64_t{count}, {}};
    if (super.index_end > length) return Defect{Code::superblob_malformed, 8, "the index runs past the SuperBlob"};
    for (std::uint32_t i = 0; i < count; ++i) {
        std::uint64_t at = reader.offset();
        std::uint32_t slot = reader.u32(), offset = reader.u32();
        bytes::Reader head(signature.substr(0, length), bytes::Order::big);
        head.seek(offset);
        std::uint32_t blob_magic = head.u32(), blob_length = head.u32();
        Range range{offset, blob_length};
        if (!head.ok() || offset < super.index_end || blob_length < 8 || !range.within(length))
            return Defect{Code::blob_malformed, at, "the blob of slot " + hex(slot) + " lies outside the SuperBlob"};
        if (std::uint32_t wanted = magic_of_slot(slot); wanted != 0 && wanted != blob_magic)
            return Defect{Code::blob_malformed, offset,
                          "the blob of slot " + hex(slot) + " has magic " + hex(blob_magic) + " instead of " + hex(wanted)};
        for (const Blob& other : super.blobs) {
            if (other.slot == slot) return Defect{Code::blob_malformed, at, "two blobs of slot " + hex(slot)};
            if (other.range.overlaps(range))
                return Defect{Code::blob_malformed, offset,
                              "the blobs of slots " + hex(other.slot) + " and " + hex(slot) + " overlap"};
        }
        super.blobs.push_back({slot, range});
    }
    return super;
}

}  // namespace reseal::macho
