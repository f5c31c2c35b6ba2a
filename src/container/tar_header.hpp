// SPDX-License-Identifier: BSL-1.0
#pragma once
// One 512-byte header block of a tape archive: where its fields stand, how numbers and the checksum are written.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes/zeros.hpp"

namespace reseal::container {

constexpr std::size_t tar_block = 512;

class TarHeader {
public:
    /// `block` has 512 bytes and outlives the header.
    explicit TarHeader(std::string_view block) : block_(block) {}

    bool zeros() const { return bytes::zeros(block_); }
    bool has_magic() const { return block_.substr(257, 5) == "ustar"; }
    /// Whether there is a number where the checksum would be.
    bool has_checksum() const;
    bool checksum_right() const;
    char type() const { return block_[156]; }
    /// Octal digits, or base 256 when the first bit is set. Nothing when it is neither, negative, or beyond 2^63 − 1.
    std::optional<std::uint64_t> size() const;
    /// Prefix and name, joined.
    std::string path() const;
    /// Up to the first NUL.
    std::string_view link() const;
    /// Old GNU sparse: whether another block of its map follows the header.
    bool sparse_map_goes_on() const { return block_[482] != '\0'; }

    static constexpr std::size_t link_offset = 157, link_size = 100;
    static constexpr std::size_t map_goes_on_offset = 504;  ///< in the further blocks

private:
    std::string_view field(std::size_t offset, std::size_t size) const;
    std::string_view block_;
};

/// Writes the checksum of the 512 bytes at `block` again, in the style in which it stands there.
void write_tar_checksum(char* block);

}  // namespace reseal::container
