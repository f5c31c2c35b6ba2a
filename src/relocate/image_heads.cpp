// SPDX-License-Identifier: BSL-1.0
#include "relocate/image_heads.hpp"

#include <algorithm>

#include "macho/command_strings.hpp"
#include "macho/header.hpp"

namespace reseal::relocate {

void ImageHeads::read(std::string_view bytes) {
    while (settled_ != all && !bytes.empty()) {
        if (position_ < settled_) {  // between two slices, or in one whose head is known
            const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(settled_ - position_, bytes.size()));
            position_ += skipped;
            bytes.remove_prefix(skipped);
            continue;
        }
        const std::size_t more = std::min(wanted() - head_.size(), bytes.size());
        head_.append(bytes.substr(0, more));
        position_ += more;
        bytes.remove_prefix(more);
        if (head_.size() == wanted()) next();
    }
}

/// Of the file's first bytes, or a slice's, as many as tell more than those there are; as many as there are where none do.
std::size_t ImageHeads::wanted() const {
    if (first_ && macho::is_fat(head_)) return macho::fat_bytes_wanted(head_);
    const std::size_t wanted = macho::header_bytes_wanted(head_);
    return first_ ? wanted : static_cast<std::size_t>(std::min<std::uint64_t>(wanted, slices_[slice_].range.size));
}

/// A head is whole.
void ImageHeads::next() {
    if (first_ && macho::is_fat(head_)) {
        if (const macho::Parsed<macho::FatTable> table = macho::parse_fat(head_)) slices_ = table->slices;
        std::erase_if(slices_, [](const macho::Slice& slice) { return slice.range.size == 0; });
    } else {
        for (const macho::CommandString& each : macho::command_strings(head_))
            strings_.push_back({settled_ + each.text.offset, each.text.size});
        if (!first_) ++slice_;
    }
    first_ = false;
    head_ = {};
    settled_ = slice_ < slices_.size() ? slices_[slice_].range.offset : all;
}

bool ImageHeads::holds(const macho::Range& range) const {
    const auto behind = std::upper_bound(strings_.begin(), strings_.end(), range.offset,
                                         [](std::uint64_t at, const macho::Range& string) { return at < string.offset; });
    return behind != strings_.begin() && std::prev(behind)->contains(range);
}

}  // namespace reseal::relocate
