// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_pages.hpp"

#include <algorithm>

#include "bytes/parallel.hpp"
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

/// Of the image's bytes [first, end), `first` a multiple of every page size.
std::vector<CheckedPages> check_part(const Source& file, const macho::Range& image, std::string_view signature,
                                     const std::vector<const macho::CodeDirectory*>& directories, std::uint64_t first,
                                     std::uint64_t end) {
    std::vector<CheckedPages> checked(directories.size());
    BlockReader reader(file, {image.offset + first, end - first});
    for (std::uint64_t start = first; start < end; start += BlockReader::block_size) {
        const std::string_view block = reader.next();
        const std::uint64_t wanted = std::min<std::uint64_t>(BlockReader::block_size, end - start);
        for (std::size_t i = 0; i < directories.size(); ++i) {
            if (start >= directories[i]->code_limit) continue;
            if (block.size() < std::min(wanted, directories[i]->code_limit - start)) checked[i].complete = false;
            else check_block(block, start, signature, *directories[i], checked[i]);
        }
        if (block.size() < wanted) break;
    }
    return checked;
}

void append(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// Of one thread at a time: long enough that starting on it costs nothing beside it.
constexpr std::uint64_t part_size = 16 * BlockReader::block_size;

}  // namespace

std::vector<CheckedPages> check_pages(const Source& file, const macho::Range& image, std::string_view signature,
                                      const std::vector<const macho::CodeDirectory*>& directories, unsigned jobs) {
    std::uint64_t limit = 0;
    for (const macho::CodeDirectory* directory : directories) limit = std::max(limit, directory->code_limit);
    if (jobs == 1 || limit <= part_size) return check_part(file, image, signature, directories, 0, limit);

    std::vector<std::vector<CheckedPages>> parts(static_cast<std::size_t>((limit + part_size - 1) / part_size));
    bytes::parallel(parts.size(), jobs, [&](std::size_t i) {
        const std::uint64_t first = i * part_size;
        parts[i] = check_part(file, image, signature, directories, first, std::min(first + part_size, limit));
    });
    std::vector<CheckedPages> checked(directories.size());
    for (const std::vector<CheckedPages>& part : parts)
        for (std::size_t i = 0; i < checked.size(); ++i) {
            append(checked[i].stale, part[i].stale);
            append(checked[i].pre_encrypt, part[i].pre_encrypt);
            checked[i].complete = checked[i].complete && part[i].complete;
        }
    return checked;
}

}  // namespace reseal::seal
