// SPDX-License-Identifier: BSL-1.0
#include "diagnose/placed_image.hpp"

#include <algorithm>

#include "bytes/endian.hpp"
#include "diagnose/place_text.hpp"
#include "digest/digest.hpp"
#include "macho/arch.hpp"
#include "macho/constants.hpp"
#include "seal/file_layout.hpp"
#include "seal/page_rules.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint64_t page_4k = 4096, page_16k = 16384;

}  // namespace

std::optional<PlacedImage> PlacedImage::read(const Source& file, const macho::Slice& slice) {
    PlacedImage image(file, slice.range);
    std::string head = seal::read_range(file, {slice.range.offset, std::min<std::uint64_t>(slice.range.size, 32)});
    if (!macho::is_thin(head)) return {};
    const std::uint64_t wanted = std::min<std::uint64_t>(macho::header_bytes_wanted(head), slice.range.size);
    if (wanted > head.size()) head = seal::read_range(file, {slice.range.offset, wanted});
    image.layout_ = macho::parse_layout(head);
    image.header_ = macho::parse_header(head, slice.range.size);
    if (image.header_) {
        image.arch_ = macho::arch_name(image.header_->cputype, image.header_->cpusubtype);
        image.read_signature();
    }
    return image;
}

void PlacedImage::read_signature() {
    if (header_->defect || !header_->signature) return;
    const macho::Range& range = *header_->signature;
    signature_ = seal::read_range(*file_, {slice_.offset + range.offset, range.size});
    const macho::Parsed<macho::Signature> parsed = macho::parse_signature(signature_);
    if (!parsed) return;
    if (!seal::page_rule_broken(parsed->chosen(), *header_, slice_.offset)) chosen_ = parsed->chosen();
}

std::uint64_t PlacedImage::system_page() const {
    const bool intel = header_ && (header_->cputype == macho::cpu_x86_64 || header_->cputype == macho::cpu_i386);
    return intel ? page_4k : page_16k;
}

std::uint64_t PlacedImage::page_size() const { return chosen_ ? chosen_->page_size() : 0; }

Place PlacedImage::without_text(std::uint64_t offset) const {
    Place place;
    place.offset = slice_.offset + offset;
    place.arch = arch_;
    place.slice_offset = slice_.offset;
    place.offset_in_slice = offset;
    place.page_size = page_size();
    if (const macho::Segment* segment = layout_.segment_at(offset)) place.segment = segment->name;
    if (const macho::Section* section = layout_.section_at(offset)) {
        place.segment = section->segment;
        place.section = section->name;
    }
    add_slot(place);
    return place;
}

Place PlacedImage::place(std::uint64_t offset) const {
    Place place = without_text(offset);
    add_text(place, true);
    return place;
}

Place PlacedImage::page(std::uint64_t offset) const {
    Place place = without_text(offset);
    add_text(place, false);
    return place;
}

void PlacedImage::add_slot(Place& place) const {
    if (!chosen_ || place.offset_in_slice >= chosen_->code_limit) return;
    const std::uint64_t page = place.offset_in_slice >> chosen_->page_size_log2;
    const std::optional<std::uint64_t> slot = chosen_->slot_of(page);
    if (!slot) return;
    place.slot = static_cast<std::int64_t>(*slot);
    if (!digest::available(chosen_->hash)) return;
    const std::uint64_t begin = page << chosen_->page_size_log2;
    const std::uint64_t size = std::min(chosen_->page_size(), chosen_->code_limit - begin);
    const std::string bytes = seal::read_range(*file_, {slice_.offset + begin, size});
    if (bytes.size() < size) return;
    const macho::Range hash = chosen_->hash_range(*place.slot);
    place.valid =
        digest::digest(chosen_->hash, bytes).bytes() ==
        std::string_view(signature_).substr(static_cast<std::size_t>(hash.offset), static_cast<std::size_t>(hash.size));
}

void PlacedImage::add_text(Place& place, bool at_offset) const {
    const std::uint64_t page = place.page_size ? place.page_size : page_4k;
    const std::uint64_t begin = place.offset_in_slice / page * page;
    const std::uint64_t from = begin - std::min<std::uint64_t>(begin, max_place_text);
    const std::uint64_t size = std::min(page + 2 * max_place_text, slice_.size - from);
    const std::string bytes = seal::read_range(*file_, {slice_.offset + from, size});
    const std::size_t at = at_offset ? static_cast<std::size_t>(place.offset_in_slice - from) : bytes.size();
    const auto page_at = static_cast<std::size_t>(begin - from);
    const PlaceText found = find_place_text(bytes, at, page_at, page_at + static_cast<std::size_t>(page));
    place.text = found.text;
    if (!found.text.empty()) place.text_offset = slice_.offset + from + found.at;
}

}  // namespace reseal::diagnose
