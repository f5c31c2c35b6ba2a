// SPDX-License-Identifier: BSL-1.0
#include <reseal/signature.hpp>

#include <algorithm>

#include "diagnose/image_view.hpp"
#include "seal/file_layout.hpp"
#include "seal/verifier_image.hpp"

namespace reseal {

std::string_view name(SlotState state) {
    switch (state) {
        case SlotState::right: return "right";
        case SlotState::stale: return "stale";
        case SlotState::unchecked: return "unchecked";
    }
    return {};
}

std::string_view name(SignatureKind kind) {
    switch (kind) {
        case SignatureKind::none: return "none";
        case SignatureKind::adhoc: return "ad-hoc";
        case SignatureKind::linker_signed: return "linker-signed";
        case SignatureKind::cms: return "CMS";
    }
    return {};
}

std::string_view CodeDirectoryView::code_digest(std::uint64_t at) const {
    const std::uint64_t there = hash_size == 0 ? 0 : digests.size() / hash_size;
    if (at >= there) return {};
    return std::string_view(digests).substr(static_cast<std::size_t>(at) * hash_size, hash_size);
}

const CodeDirectoryView* ImageView::chosen() const {
    for (const CodeDirectoryView& each : codedirectories)
        if (each.chosen) return &each;
    return nullptr;
}

namespace {

/// Slices beside images where one should stand and none does.
void add_others(const Source& file, const std::vector<const macho::Slice*>& slices, std::vector<ImageView>& images) {
    for (const macho::Slice* slice : slices) {
        const std::optional<ImageVerdict> other = seal::examine_other(file, *slice, Level::codesign);
        if (!other) continue;
        ImageView& view = images.emplace_back();
        view.arch = other->arch;
        view.offset = slice->range.offset;
        view.size = slice->range.size;
        view.faults.push_back(other->problems.front().what);
    }
    std::stable_sort(images.begin(), images.end(), [](const ImageView& a, const ImageView& b) { return a.offset < b.offset; });
}

}  // namespace

SignatureView view(const Source& file, const ViewOptions& options) {
    const seal::FileLayout layout = seal::read_layout(file);
    SignatureView view;
    view.fat = layout.fat;
    if (layout.defect) view.fault = layout.defect->what;
    std::vector<const macho::Slice*> others;
    for (const macho::Slice& slice : layout.slices)
        if (std::optional<ImageView> image = diagnose::view_image(file, slice, layout.fat, options))
            view.images.push_back(std::move(*image));
        else others.push_back(&slice);
    if (!view.images.empty()) add_others(file, others, view.images);
    return view;
}

}  // namespace reseal
