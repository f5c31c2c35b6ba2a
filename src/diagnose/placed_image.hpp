// SPDX-License-Identifier: BSL-1.0
#pragma once
// One image of a file as far as places in it are asked for: read once, asked often.
#include <optional>
#include <reseal/place.hpp>
#include <reseal/source.hpp>
#include <string>

#include "macho/fat.hpp"
#include "macho/header.hpp"
#include "macho/layout.hpp"
#include "macho/signature.hpp"

namespace reseal::diagnose {

class PlacedImage {
public:
    /// `slice` of `file`, which must outlive this; nothing where it is no Mach-O.
    static std::optional<PlacedImage> read(const Source& file, const macho::Slice& slice);

    const std::string& arch() const { return arch_; }
    const macho::Layout& layout() const { return layout_; }
    const macho::Range& range() const { return slice_; }
    /// Null: the load commands do not parse.
    const macho::Header* header() const { return header_ ? &*header_ : nullptr; }
    /// The CodeDirectory that the kernel goes by, if it can be hashed by; null: there is none.
    const macho::CodeDirectory* chosen() const { return chosen_ ? &*chosen_ : nullptr; }
    /// The bytes that it was parsed from.
    const std::string& signature() const { return signature_; }
    /// The page size of the processors it is for, as the kernel reports pages; no smaller than page_size().
    std::uint64_t system_page() const;
    /// Of the CodeDirectory that the kernel chooses; 0: none.
    std::uint64_t page_size() const;

    /// `offset`: from the image's first byte.
    Place place(std::uint64_t offset) const;
    /// Of a whole page, which begins there: its text is the most telling one, whatever stands at its first byte.
    Place page(std::uint64_t offset) const;

private:
    PlacedImage(const Source& file, const macho::Range& slice) : file_(&file), slice_(slice) {}
    void read_signature();
    void add_slot(Place& place) const;
    Place without_text(std::uint64_t offset) const;
    void add_text(Place& place, bool at_offset) const;

    const Source* file_;
    macho::Range slice_;
    std::string arch_;
    std::optional<macho::Header> header_;
    macho::Layout layout_;
    std::string signature_;
    std::optional<macho::CodeDirectory> chosen_;
};

}  // namespace reseal::diagnose
