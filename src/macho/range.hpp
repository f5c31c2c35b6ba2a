// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace reseal::macho {

/// Bytes [offset, offset + size) of a file, an image or a blob.
struct Range {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    bool operator==(const Range&) const = default;

    /// Only for ranges that were checked against what they lie in: their end cannot overflow.
    std::uint64_t end() const { return offset + size; }
    bool overlaps(const Range& other) const { return offset < other.end() && other.offset < end(); }
    bool contains(const Range& other) const { return offset <= other.offset && other.end() <= end(); }
    /// Whether it lies within the first `room` bytes; safe for any numbers.
    bool within(std::uint64_t room) const { return offset <= room && size <= room - offset; }
};

}  // namespace reseal::macho
