// SPDX-License-Identifier: BSL-1.0
#include "macho/superblob_listing.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::macho {
namespace {

constexpr std::uint64_t blob_header = 8, index_entry_size = 8, superblob_header = 12;

/// Adds what an index says of a blob, and judges it beside those before.
void add_listed(std::string_view signature, std::uint32_t slot, std::uint64_t offset, std::uint64_t index_end,
                SuperBlobListing& listing) {
    ListedBlob blob;
    blob.slot = slot;
    blob.range.offset = offset;
    bytes::Reader head(signature, bytes::Order::big);
    head.seek(offset);
    blob.magic = head.u32();
    blob.range.size = head.u32();
    const std::uint32_t wanted = magic_of_slot(slot);
    const auto overlapped = std::find_if(listing.blobs.begin(), listing.blobs.end(), [&](const ListedBlob& other) {
        return other.fault.empty() && other.range.overlaps(blob.range);
    });
    const auto twin = std::find_if(listing.blobs.begin(), listing.blobs.end(),
                                   [&](const ListedBlob& other) { return other.slot == slot && other.fault.empty(); });
    if (!head.ok()) blob.fault = "lies outside the signature";
    else if (blob.range.size < blob_header) blob.fault = "says that it has " + std::to_string(blob.range.size) + " bytes";
    else if (!blob.range.within(signature.size())) blob.fault = "runs past the signature's end";
    else if (offset < index_end) blob.fault = "lies in the index";
    else if (wanted != 0 && wanted != blob.magic) blob.fault = "has magic " + hex(blob.magic) + " instead of " + hex(wanted);
    else if (twin != listing.blobs.end()) blob.fault = "is not the first of this slot";
    else if (overlapped != listing.blobs.end()) blob.fault = "overlaps the blob of slot " + hex(overlapped->slot);
    if (!head.ok()) blob.magic = 0, blob.range.size = 0;
    listing.blobs.push_back(std::move(blob));
}

}  // namespace

SuperBlob SuperBlobListing::sound() const {
    SuperBlob super;
    super.length = length;
    for (const ListedBlob& blob : blobs)
        if (blob.fault.empty()) super.blobs.push_back({blob.slot, blob.range});
    return super;
}

SuperBlobListing list_superblob(std::string_view signature) {
    SuperBlobListing listing;
    bytes::Reader reader(signature, bytes::Order::big);
    const std::uint32_t magic = reader.u32(), length = reader.u32();
    listing.length = length;
    if (reader.ok() && magic == magic_codedirectory) {
        add_listed(signature, slot_codedirectory, 0, 0, listing);
        return listing;
    }
    const std::uint32_t count = reader.u32();
    if (!reader.ok()) {
        listing.faults.push_back("only " + std::to_string(signature.size()) + " bytes of a signature");
        return listing;
    }
    if (magic != magic_superblob) {
        listing.faults.push_back("no SuperBlob but magic " + hex(magic));
        return listing;
    }
    if (length > signature.size())
        listing.faults.push_back("a SuperBlob of " + std::to_string(length) + " bytes, of which " +
                                 std::to_string(signature.size()) + " are there");
    if (count > max_blobs)
        listing.faults.push_back(std::to_string(count) + " blobs, of which " + std::to_string(max_blobs) + " are listed");
    const std::uint64_t listed = std::min(count, max_blobs);
    for (std::uint64_t i = 0; i < listed; ++i) {
        const std::uint32_t slot = reader.u32(), offset = reader.u32();
        if (!reader.ok()) {
            listing.faults.push_back("the index ends after " + std::to_string(i) + " blobs of " + std::to_string(count));
            break;
        }
        add_listed(signature, slot, offset, superblob_header + index_entry_size * listed, listing);
    }
    return listing;
}

}  // namespace reseal::macho
