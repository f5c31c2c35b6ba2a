// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which bytes of a file are strings of Mach-O load commands: of the file itself, or of each slice of a universal one. The
// loader compares those strings, so what is done about a prefix in them cannot be decided before the commands are whole.
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "macho/fat.hpp"
#include "macho/range.hpp"

namespace reseal::relocate {

class ImageHeads {
public:
    static constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

    /// The next bytes of the file.
    void read(std::string_view bytes);
    /// The next bytes that read() gets are those at settled().
    void skip() { position_ = settled_; }
    /// No more bytes.
    void end() { settled_ = all; }

    /// What stands before this offset is known.
    std::uint64_t settled() const { return settled_; }
    /// Whether `range` lies in such a string.
    bool holds(const macho::Range& range) const;

private:
    std::size_t wanted() const;
    void next();

    std::uint64_t position_ = 0;  // of the next byte
    std::uint64_t settled_ = 0;   // where the head begins that is collected now
    std::string head_;
    bool first_ = true;  // whether the file may still be universal
    std::vector<macho::Slice> slices_;
    std::size_t slice_ = 0;              // whose head is collected
    std::vector<macho::Range> strings_;  // ascending
};

}  // namespace reseal::relocate
