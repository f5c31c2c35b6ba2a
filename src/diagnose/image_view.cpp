// SPDX-License-Identifier: BSL-1.0
#include "diagnose/image_view.hpp"

#include <algorithm>

#include "diagnose/blob_views.hpp"
#include "diagnose/directory_view.hpp"
#include "macho/arch.hpp"
#include "macho/constants.hpp"
#include "macho/slot_names.hpp"
#include "macho/superblob_listing.hpp"
#include "seal/file_layout.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint32_t flag_linker_signed = 0x20000;

SignatureKind kind_of(const ImageView& view) {
    if (view.cms.present) return SignatureKind::cms;
    const bool by_linker = std::any_of(view.codedirectories.begin(), view.codedirectories.end(),
                                       [](const auto& directory) { return (directory.flags & flag_linker_signed) != 0; });
    return by_linker ? SignatureKind::linker_signed : SignatureKind::adhoc;
}

void choose(ImageView& view) {
    CodeDirectoryView* chosen = nullptr;
    const auto rank = [](const CodeDirectoryView& each) { return macho::kernel_rank(static_cast<HashType>(each.hash_type)); };
    for (CodeDirectoryView& each : view.codedirectories)
        if (each.fault.empty() && (!chosen || rank(each) > rank(*chosen))) chosen = &each;
    if (chosen) chosen->chosen = true;
}

void list_blobs(const macho::SuperBlobListing& listing, ImageView& view) {
    view.superblob_size = listing.length;
    view.faults.insert(view.faults.end(), listing.faults.begin(), listing.faults.end());
    for (const macho::ListedBlob& blob : listing.blobs)
        view.blobs.push_back({blob.slot, std::string(macho::slot_name(blob.slot)), blob.magic,
                              view.signature_offset + blob.range.offset, blob.range.size, blob.fault});
}

void view_blob(const DirectorySurroundings& around, const macho::Blob& blob, const macho::Signature* parsed, ImageView& view) {
    const std::string_view bytes = seal::slice(around.signature, blob.range);
    if (blob.is_codedirectory()) {
        const macho::Parsed<macho::CodeDirectory> sound = macho::parse_codedirectory(around.signature, blob.slot, blob.range);
        view.codedirectories.push_back(
            view_directory(around, blob, sound ? &*sound : nullptr, sound ? std::string() : sound.defect().what));
    } else if (blob.slot == macho::slot_requirements) {
        view.requirements = view_requirements(bytes, view.requirements_fault);
    } else if (blob.slot > macho::slot_der_entitlements && blob.slot <= macho::slot_library_constraint) {
        view.constraints.push_back(view_constraint(blob.slot, bytes));
    } else if (blob.slot == macho::slot_cms) {
        view.cms = view_cms(bytes, parsed, around.signature);
    }
}

void view_signature(const Source& file, const macho::Range& image, const macho::Header& header, const ViewOptions& options,
                    ImageView& view) {
    const macho::Range& range = *header.signature;
    view.signature_offset = image.offset + range.offset;
    view.signature_size = range.size;
    const std::uint64_t room = range.offset < image.size ? image.size - range.offset : 0;
    const std::uint64_t wanted = std::min({range.size, room, macho::max_signature});
    const std::string bytes = seal::read_range(file, {view.signature_offset, wanted});
    if (bytes.size() < range.size)
        view.faults.push_back("of the signature's " + std::to_string(range.size) + " bytes only " +
                              std::to_string(bytes.size()) + " were read");
    const macho::SuperBlobListing listing = macho::list_superblob(bytes);
    list_blobs(listing, view);
    const macho::SuperBlob super = listing.sound();
    const macho::Parsed<macho::Signature> parsed = macho::parse_signature(bytes);
    const DirectorySurroundings around{file, image, header, super, bytes, options};
    for (const macho::Blob& blob : super.blobs) view_blob(around, blob, parsed ? &*parsed : nullptr, view);
    view.entitlements = view_entitlements(super, bytes);
    choose(view);
    view.kind = kind_of(view);
}

}  // namespace

std::optional<ImageView> view_image(const Source& file, const macho::Slice& slice, bool fat, const ViewOptions& options) {
    ImageView view;
    view.offset = slice.range.offset;
    view.size = slice.range.size;
    view.arch = fat ? macho::arch_name(slice.cputype, slice.cpusubtype) : "unknown";
    if (!slice.range.within(file.size()))
        view.faults.push_back("the slice ends at " + std::to_string(slice.range.end()) + ", the file at " +
                              std::to_string(file.size()));
    std::optional<std::uint64_t> size;
    if (fat) size = slice.range.size;
    const seal::SliceHead head = seal::read_head(file, slice.range, size);
    if (!head.image) {
        if (view.faults.empty()) return {};
        return view;
    }
    if (!head.header) {
        view.faults.push_back("the load commands do not hold together");
        return view;
    }
    const macho::Header& header = *head.header;
    view.arch = macho::arch_name(header.cputype, header.cpusubtype);
    view.file_type = macho::file_type_name(header.filetype);
    if (header.defect) view.faults.push_back(header.defect->what);
    if (header.signature) view_signature(file, slice.range, header, options, view);
    return view;
}

}  // namespace reseal::diagnose
