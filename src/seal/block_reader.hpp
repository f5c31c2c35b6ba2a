// SPDX-License-Identifier: BSL-1.0
#pragma once
// Reads a range of a file block by block through one buffer.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <reseal/source.hpp>
#include <string_view>

#include "macho/range.hpp"

namespace reseal::seal {

class BlockReader {
public:
    /// A multiple of every page size, and few enough bytes to be in the cache still when a second CodeDirectory hashes them.
    static constexpr std::size_t block_size = 128 << 10;

    /// `file` must outlive the reader.
    BlockReader(const Source& file, const macho::Range& range) : file_(file), left_(range) {}

    /// The next block, valid until the next call: block_size bytes, or what is left. Fewer than that: the file has ended, and
    /// nothing follows. Throws what the source throws.
    std::string_view next();

private:
    const Source& file_;
    macho::Range left_;
    std::unique_ptr<char[]> block_;
};

}  // namespace reseal::seal
