// SPDX-License-Identifier: BSL-1.0
#include "diagnose/page_parts.hpp"

#include <algorithm>

namespace reseal::diagnose {
namespace {

void add_part(std::vector<PageMapPart>& parts, std::uint64_t image_size, std::string segment, std::string section,
              const macho::Range& range) {
    if (range.size == 0 || range.offset >= image_size) return;
    parts.push_back({std::move(segment), std::move(section), range.offset, std::min(range.size, image_size - range.offset)});
}

/// Up to where the signature begins, if that is in it: __LINKEDIT holds it.
macho::Range without_signature(const macho::Range& range, const macho::Header* header) {
    if (!header || !header->signature || header->signature->offset < range.offset) return range;
    return {range.offset, std::min(range.size, header->signature->offset - range.offset)};
}

}  // namespace

std::vector<PageMapPart> page_parts(const PlacedImage& image) {
    std::vector<PageMapPart> parts;
    const std::uint64_t size = image.range().size;
    const macho::Header* header = image.header();
    if (header) add_part(parts, size, "", "header", {0, header->commands_end});
    for (const macho::Section& section : image.layout().sections)
        add_part(parts, size, section.segment, section.name, section.file);
    for (const macho::Segment& segment : image.layout().segments) {
        const bool divided = std::any_of(image.layout().sections.begin(), image.layout().sections.end(),
                                         [&](const macho::Section& section) { return section.segment == segment.name; });
        if (!divided) add_part(parts, size, segment.name, "", without_signature(segment.file, header));
    }
    if (header && header->signature) add_part(parts, size, "", "signature", *header->signature);
    std::stable_sort(parts.begin(), parts.end(),
                     [](const PageMapPart& a, const PageMapPart& b) { return a.offset < b.offset; });
    return parts;
}

}  // namespace reseal::diagnose
