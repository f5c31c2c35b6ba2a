// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <optional>
#include <reseal/hint.hpp>
#include <string>
#include <vector>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "macho/superblob.hpp"
#include "seal/file_layout.hpp"

namespace reseal {
namespace {

constexpr std::uint64_t index_entry = 8, index_start = 12;
constexpr std::uint64_t hash_type_at = 37;  // in a CodeDirectory; behind it the platform, then the page size

/// How the CodeDirectory at `offset` of the file hashes; nothing when nobody hashes so.
std::optional<PageHash> read_page_hash(const Source& file, std::uint64_t offset) {
    const std::string fixed = seal::read_range(file, {offset, hash_type_at + 3});
    bytes::Reader reader(fixed, bytes::Order::big);
    const bool codedirectory = reader.u32() == macho::magic_codedirectory;
    reader.seek(hash_type_at);
    const std::uint8_t hash = reader.u8();
    reader.skip(1);
    const std::uint8_t log2 = reader.u8();
    if (!reader.ok() || !codedirectory || hash < 1 || hash > 4 || (log2 != 12 && log2 != 14)) return {};
    return PageHash{std::uint32_t{1} << log2, static_cast<HashType>(hash)};
}

/// Offsets, within the signature, of the CodeDirectories that its index names.
std::vector<std::uint64_t> directory_offsets(const Source& file, const macho::Range& signature) {
    const std::uint64_t most = std::min(signature.size, index_start + index_entry * macho::max_blobs);
    const std::string index = seal::read_range(file, {signature.offset, most});
    bytes::Reader reader(index, bytes::Order::big);
    const std::uint32_t magic = reader.u32();
    if (magic == macho::magic_codedirectory) return {0};
    if (magic != macho::magic_superblob) return {};
    reader.skip(4);
    std::vector<std::uint64_t> offsets;
    for (std::uint32_t left = std::min(reader.u32(), macho::max_blobs); left > 0; --left) {
        const std::uint32_t slot = reader.u32(), offset = reader.u32();
        if (!reader.ok()) break;
        if (macho::Blob{slot, {}}.is_codedirectory() && offset < signature.size) offsets.push_back(offset);
    }
    return offsets;
}

std::vector<PageHash> read_page_hashes(const Source& file, const macho::Range& signature) {
    std::vector<PageHash> page_hashes;
    for (std::uint64_t offset : directory_offsets(file, signature)) {
        std::optional<PageHash> found = read_page_hash(file, signature.offset + offset);
        if (found && std::find(page_hashes.begin(), page_hashes.end(), *found) == page_hashes.end())
            page_hashes.push_back(*found);
    }
    return page_hashes;
}

}  // namespace

Hint read_hint(const Source& file) {
    Hint hint;
    for (const macho::Slice& slice : seal::read_layout(file).slices) {
        const std::optional<macho::Header> header = seal::read_head(file, slice.range, slice.range.size).header;
        if (!header || header->defect || !header->signature) continue;
        const macho::Range signature{slice.range.offset + header->signature->offset, header->signature->size};
        std::vector<PageHash> page_hashes = read_page_hashes(file, signature);
        if (!page_hashes.empty()) hint.images.push_back({slice.range.offset, std::move(page_hashes)});
    }
    return hint;
}

}  // namespace reseal
