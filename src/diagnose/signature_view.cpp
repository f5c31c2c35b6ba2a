// SPDX-License-Identifier: BSL-1.0
#include <reseal/signature.hpp>

#include "diagnose/image_view.hpp"
#include "seal/file_layout.hpp"

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

SignatureView view(const Source& file, const ViewOptions& options) {
    const seal::FileLayout layout = seal::read_layout(file);
    SignatureView view;
    view.fat = layout.fat;
    if (layout.defect) view.fault = layout.defect->what;
    for (const macho::Slice& slice : layout.slices)
        if (std::optional<ImageView> image = diagnose::view_image(file, slice, layout.fat, options))
            view.images.push_back(std::move(*image));
    return view;
}

}  // namespace reseal
