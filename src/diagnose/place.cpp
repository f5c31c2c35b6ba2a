// SPDX-License-Identifier: BSL-1.0
#include <reseal/place.hpp>

#include <algorithm>

#include "diagnose/placed_image.hpp"
#include "seal/file_layout.hpp"

namespace reseal {
namespace {

/// Safe for any numbers.
bool within_slice(const macho::Range& slice, std::uint64_t offset) {
    return offset >= slice.offset && offset - slice.offset < slice.size;
}

/// The image at an offset of the file.
std::optional<diagnose::PlacedImage> image_at(const Source& file, std::uint64_t offset) {
    if (offset >= file.size()) return {};
    for (const macho::Slice& slice : seal::read_layout(file).slices)
        if (within_slice(slice.range, offset) && slice.range.within(file.size()))
            return diagnose::PlacedImage::read(file, slice);
    return {};
}

/// The image that a process of this architecture loads; of any where there is but one. A report's text form has the same word
/// for arm64 and arm64e.
std::optional<diagnose::PlacedImage> image_for(const Source& file, const std::string& arch) {
    const seal::FileLayout layout = seal::read_layout(file);
    std::optional<diagnose::PlacedImage> alike;
    for (const macho::Slice& slice : layout.slices) {
        if (!slice.range.within(file.size())) continue;
        std::optional<diagnose::PlacedImage> image = diagnose::PlacedImage::read(file, slice);
        if (!image) continue;
        if (layout.slices.size() == 1 || image->arch() == arch) return image;
        if (!alike && !arch.empty() && image->arch().starts_with(arch)) alike = std::move(image);
    }
    return alike;
}

/// Where in the image the address stands at which the process stumbled.
std::optional<std::uint64_t> offset_of_address(const diagnose::PlacedImage& image, const LogEvent& event) {
    const std::optional<std::uint64_t> base = image.layout().base();
    if (!base || !event.address || !event.image_base || *event.address < *event.image_base) return {};
    const std::uint64_t distance = *event.address - *event.image_base;
    if (distance > UINT64_MAX - *base) return {};
    return image.layout().offset_of(*base + distance);
}

/// The pages of the CodeDirectory in the kernel's page that holds `offset` of the image. The kernel's pages are the file's: a
/// slice may begin within one.
std::vector<Place> places_in_page(const diagnose::PlacedImage& image, std::uint64_t offset) {
    const std::uint64_t start = image.range().offset;
    const std::uint64_t page = image.system_page();
    const std::uint64_t step = image.page_size() ? image.page_size() : page;
    const std::uint64_t before = std::min((start + offset) % page, offset);
    const std::uint64_t begin = (offset - before) / step * step;
    const std::uint64_t count = std::min(page - (start + offset - before) % page, image.range().size - begin);
    std::vector<Place> places;
    for (std::uint64_t done = 0; done < count; done += step) {
        Place place = image.page(begin + done);
        if (done == 0 || place.slot) places.push_back(std::move(place));
    }
    return places;
}

}  // namespace

std::optional<Place> place_at(const Source& file, std::uint64_t offset) {
    const std::optional<diagnose::PlacedImage> image = image_at(file, offset);
    if (!image) return {};
    return image->place(offset - image->range().offset);
}

std::vector<Place> places(const Source& file, const LogEvent& event) {
    if (event.offset) {
        const std::optional<diagnose::PlacedImage> image = image_at(file, *event.offset);
        if (!image) return {};
        return places_in_page(*image, *event.offset - image->range().offset);
    }
    if (!event.image_base) return {};
    const std::optional<diagnose::PlacedImage> image = image_for(file, event.arch);
    if (!image) return {};
    const std::optional<std::uint64_t> offset = offset_of_address(*image, event);
    if (!offset || *offset >= image->range().size) return {};
    return places_in_page(*image, *offset);
}

}  // namespace reseal
