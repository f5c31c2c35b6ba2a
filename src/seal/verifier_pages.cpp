// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_pages.hpp"

#include <algorithm>

#include "digest/digest.hpp"
#include "seal/block_reader.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::seal {
namespace {

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

    BlockReader reader(file, {image.offset, limit});
    for (std::uint64_t start = 0; start < limit; start += BlockReader::block_size) {
        const std::string_view block = reader.next();
        const std::uint64_t wanted = std::min<std::uint64_t>(BlockReader::block_size, limit - start);
        for (std::size_t i = 0; i < directories.size(); ++i) {
            if (start >= directories[i]->code_limit) continue;
            if (block.size() < std::min(wanted, directories[i]->code_limit - start)) checked[i].complete = false;
            else check_block(block, start, signature, *directories[i], checked[i]);
        }
        if (block.size() < wanted) break;
    }
    return checked;
}

}  // namespace reseal::seal
