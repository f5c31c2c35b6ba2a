// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_pages.hpp"

#include <algorithm>
#include <memory>

#include "digest/digest.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::seal {
namespace {

// Whole pages of either size, few reads, and still small enough to be in the cache when the second CodeDirectory comes by.
constexpr std::uint64_t block_size = 128 << 10;

/// `block` begins at offset `start` of the image.
void check_block(std::string_view block, std::uint64_t start, std::string_view signature, const macho::CodeDirectory& directory,
                 CheckedPages& checked) {
    const std::uint64_t page_size = directory.page_size();
    const std::uint64_t end = std::min(start + block.size(), directory.code_limit);
    for (std::uint64_t offset = start; offset < end; offset += page_size) {
        std::optional<std::uint64_t> slot = directory.slot_of(offset >> directory.page_size_log2);
        if (!slot) continue;  // a page that the scatter list leaves out
        std::string_view page =
            block.substr(static_cast<std::size_t>(offset - start), static_cast<std::size_t>(std::min(page_size, end - offset)));
        const digest::Digest digest = digest::digest(directory.hash, page);
        const auto number = static_cast<std::int64_t>(*slot);
        if (digest.bytes() != slice(signature, directory.hash_range(number))) checked.stale.push_back(number);
        if (directory.pre_encrypt && digest.bytes() != slice(signature, directory.pre_encrypt_range(*slot)))
            checked.pre_encrypt.push_back(number);
    }
}

}  // namespace

std::vector<CheckedPages> check_pages(const Source& file, const macho::Range& image, std::string_view signature,
                                      const std::vector<const macho::CodeDirectory*>& directories) {
    std::vector<CheckedPages> checked(directories.size());
    std::uint64_t limit = 0;
    for (const macho::CodeDirectory* directory : directories) limit = std::max(limit, directory->code_limit);

    const auto buffer = std::make_unique_for_overwrite<char[]>(block_size);
    for (std::uint64_t start = 0; start < limit; start += block_size) {
        const std::uint64_t wanted = std::min(block_size, limit - start);
        const std::size_t got = file.read_at(image.offset + start, buffer.get(), static_cast<std::size_t>(wanted));
        for (std::size_t i = 0; i < directories.size(); ++i) {
            if (start >= directories[i]->code_limit) continue;
            if (got < std::min(wanted, directories[i]->code_limit - start)) checked[i].complete = false;
            else check_block({buffer.get(), got}, start, signature, *directories[i], checked[i]);
        }
        if (got < wanted) break;
    }
    return checked;
}

}  // namespace reseal::seal
