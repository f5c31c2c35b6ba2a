// SPDX-License-Identifier: BSL-1.0
#include "macho/kernel_signature.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "macho/hex.hpp"
#include "macho/signature.hpp"

namespace reseal::macho {
namespace {

constexpr std::uint64_t smallest_directory = 108;  // the whole struct, whatever the version
constexpr std::uint8_t small_page_log2 = 12;
constexpr std::uint32_t first_with_scatter = 0x20100, first_with_limit_64 = 0x20300, first_with_linkage = 0x20600;

bool ends_as_string(std::string_view blob, std::uint32_t offset) {
    return offset <= blob.size() && blob.find('\0', offset) != std::string_view::npos;
}

/// The list of a CodeDirectory that holds together, as far as the kernel would follow it: it gives up where a range does not
/// begin behind the beginning of the one before, and finds no hash behind the last slot.
bool read_scatter_list(std::string_view blob, std::uint32_t offset, CodeDirectory& directory) {
    bytes::Reader reader(blob, bytes::Order::big);
    reader.seek(offset);
    std::uint64_t slots = 0;
    bool in_order = true;
    while (true) {
        const std::uint32_t count = reader.u32(), base = reader.u32();
        reader.skip(16);
        if (!reader.ok()) return false;
        if (count == 0) return true;
        const std::uint64_t end =
            directory.scatter.empty() ? 0 : directory.scatter.back().first_page + directory.scatter.back().pages;
        in_order =
            in_order && base >= end && count <= directory.code_slots - std::min<std::uint64_t>(slots, directory.code_slots);
        if (in_order) directory.scatter.push_back({base, count, slots});
        slots += count;
        if (slots > UINT32_MAX) return false;
    }
}

struct Candidate {
    CodeDirectory directory;
    std::uint64_t limit_64;
};

struct Wanted {
    std::string_view signature;
    std::uint8_t largest_page_log2;
};

Parsed<Candidate> parse_directory(const Wanted& wanted, std::uint32_t slot, Range range) {
    const auto bad = [&](Code code, std::uint64_t field, std::string what) {
        return Defect{code, range.offset + field, std::move(what)};
    };
    const std::string_view blob =
        wanted.signature.substr(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.size));
    if (blob.size() < smallest_directory)
        return bad(Code::codedirectory_short, 4,
                   "a CodeDirectory of " + std::to_string(blob.size()) + " bytes; the kernel asks for " +
                       std::to_string(smallest_directory));
    CodeDirectory directory;
    directory.slot = slot;
    directory.blob = range;
    bytes::Reader reader(blob, bytes::Order::big);
    if (std::uint32_t magic = reader.u32(); magic != magic_codedirectory)
        return bad(Code::blob_malformed, 0, "the blob of slot " + hex(slot) + " has magic " + hex(magic));
    reader.skip(4);
    directory.version = reader.u32();
    directory.flags = reader.u32();
    const std::uint32_t hash_offset = reader.u32(), identifier = reader.u32();
    directory.special_slots = reader.u32();
    directory.code_slots = reader.u32();
    directory.code_limit = reader.u32();
    const std::uint8_t hash_size = reader.u8(), hash_type = reader.u8();
    reader.skip(1);  // platform
    directory.page_size_log2 = reader.u8();
    reader.skip(4);
    const std::uint32_t scatter = reader.u32(), team = reader.u32();
    reader.skip(4);
    const std::uint64_t limit_64 = reader.u64();
    reader.seek(96);
    const std::uint8_t linkage_type = reader.u8();
    reader.skip(3);
    const Range linkage{reader.u32(), reader.u32()};

    if (directory.page_size_log2 != small_page_log2 && directory.page_size_log2 != wanted.largest_page_log2)
        return directory.page_size_log2 == 14
                   ? bad(Code::page_size_misplaced, 39, "pages of 16384 bytes on a processor that has pages of 4096")
                   : bad(Code::page_size_unsupported, 39,
                         "pages of 2^" + std::to_string(directory.page_size_log2) + " bytes; systems take 4096 and 16384");
    if (hash_type < 1 || hash_type > 4)
        return bad(Code::hash_unsupported, 37, "hash type " + std::to_string(hash_type) + ", which no kernel knows");
    directory.hash = static_cast<HashType>(hash_type);
    const std::uint64_t size = digest_size(directory.hash);
    if (hash_size != size)
        return bad(Code::hash_unsupported, 36,
                   std::string(name(directory.hash)) + " with hashes of " + std::to_string(hash_size) + " bytes");
    if (hash_offset > blob.size())
        return bad(Code::codedirectory_malformed, 16, "the code slots lie outside the CodeDirectory");
    if (directory.special_slots > hash_offset / size)
        return bad(Code::codedirectory_malformed, 24, std::to_string(directory.special_slots) + " special slots do not fit");
    if (directory.code_slots > (blob.size() - hash_offset) / size)
        return bad(Code::codedirectory_malformed, 28, std::to_string(directory.code_slots) + " code slots do not fit");
    const std::uint64_t special = directory.special_slots * size;
    directory.slots = {range.offset + hash_offset - special, special + directory.code_slots * size};
    if (directory.version >= first_with_scatter && scatter != 0 && !read_scatter_list(blob, scatter, directory))
        return bad(Code::scatter_malformed, 44, "the scatter list does not end within the CodeDirectory");
    if (identifier != 0 && !ends_as_string(blob, identifier))
        return bad(Code::codedirectory_malformed, 20, "the identifier does not lie within the CodeDirectory");
    if (directory.version >= version_with_team && team != 0 && !ends_as_string(blob, team))
        return bad(Code::codedirectory_malformed, 48, "the team does not lie within the CodeDirectory");
    if (directory.version >= first_with_linkage && linkage_type != 0 && !linkage.within(blob.size()))
        return bad(Code::codedirectory_malformed, 100, "the linkage data lies outside the CodeDirectory");
    const std::uint64_t wide = directory.version >= first_with_limit_64 ? limit_64 : 0;
    return Candidate{std::move(directory), wide};
}

/// The magic of a blob that the kernel hashes; 0 for every other slot.
std::uint32_t magic_of_hashed(std::uint32_t slot) {
    if (slot == slot_entitlements) return magic_entitlements;
    if (slot == slot_der_entitlements) return magic_der_entitlements;
    return slot > slot_der_entitlements && slot <= slot_library_constraint ? magic_constraint : 0;
}

/// One entry of the index.
std::optional<Defect> take(const Wanted& wanted, const Blob& blob, std::uint32_t magic, std::optional<Candidate>& best,
                           SuperBlob& super) {
    if (blob.is_codedirectory()) {
        Parsed<Candidate> candidate = parse_directory(wanted, blob.slot, blob.range);
        if (!candidate) return candidate.defect();
        const int rank = kernel_rank(candidate->directory.hash);
        const int best_rank = best ? kernel_rank(best->directory.hash) : 0;
        if (rank == best_rank)
            return Defect{Code::codedirectory_duplicate, blob.range.offset,
                          "two CodeDirectories of hash type " + std::string(name(best->directory.hash)) + ", the strongest"};
        if (rank > best_rank) best = std::move(*candidate);
        return {};
    }
    const std::uint32_t expected = magic_of_hashed(blob.slot);
    if (expected == 0) return {};
    if (magic != expected)
        return Defect{Code::blob_malformed, blob.range.offset,
                      "the blob of slot " + hex(blob.slot) + " has magic " + hex(magic) + " instead of " + hex(expected)};
    if (super.find(blob.slot) != nullptr)
        return Defect{Code::blob_malformed, blob.range.offset, "two blobs of slot " + hex(blob.slot)};
    super.blobs.push_back(blob);
    return {};
}

}  // namespace

Parsed<KernelSignature> parse_kernel_signature(std::string_view signature, std::uint8_t largest_page_log2) {
    bytes::Reader reader(signature, bytes::Order::big);
    const std::uint32_t magic = reader.u32(), length = reader.u32();
    if (!reader.ok()) return Defect{Code::superblob_malformed, 0, "the signature is too short for a SuperBlob"};
    if (length > signature.size())
        return Defect{
            Code::superblob_malformed, 4,
            "a signature of " + std::to_string(length) + " bytes where there are " + std::to_string(signature.size())};
    const Wanted wanted{signature.substr(0, length), largest_page_log2};
    if (magic == magic_codedirectory) {
        Parsed<Candidate> alone = parse_directory(wanted, slot_codedirectory, {0, length});
        if (!alone) return alone.defect();
        return KernelSignature{std::move((*alone).directory), alone->limit_64, {length, 0, {}}};
    }
    const std::uint32_t count = reader.u32();
    if (magic != magic_superblob) return Defect{Code::superblob_malformed, 0, "no SuperBlob but magic " + hex(magic)};
    if (length < 12 || count > (length - 12) / 8)
        return Defect{Code::superblob_malformed, 8, "the index runs past the SuperBlob"};
    if (count > max_blobs)  // ours, not the kernel's
        return Defect{Code::superblob_malformed, 8, std::to_string(count) + " blobs, more than " + std::to_string(max_blobs)};

    SuperBlob super{length, 12 + 8 * std::uint64_t{count}, {}};
    std::optional<Candidate> best;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t at = reader.offset();
        const std::uint32_t slot = reader.u32(), offset = reader.u32();
        bytes::Reader head(wanted.signature, bytes::Order::big);
        head.seek(offset);
        const std::uint32_t blob_magic = head.u32(), blob_length = head.u32();
        const Blob blob{slot, {offset, blob_length}};
        if (!head.ok() || !blob.range.within(length))
            return Defect{Code::blob_malformed, at, "the blob of slot " + hex(slot) + " lies outside the SuperBlob"};
        if (std::optional<Defect> defect = take(wanted, blob, blob_magic, best, super)) return *defect;
    }
    if (!best) return Defect{Code::codedirectory_missing, 0, "no CodeDirectory"};
    return KernelSignature{std::move(best->directory), best->limit_64, std::move(super)};
}

}  // namespace reseal::macho
