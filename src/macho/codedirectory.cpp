// SPDX-License-Identifier: BSL-1.0
#include "macho/codedirectory.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "bytes/zeros.hpp"
#include "macho/directory_fields.hpp"
#include "macho/hex.hpp"

namespace reseal::macho {
namespace {

constexpr std::uint32_t oldest_version = 0x20001, newest_version = 0x2f000;
constexpr std::uint64_t kernel_minimum = 108;  // asked for whatever the version (ubc_subr.c, cs_validate_codedirectory)
constexpr std::uint64_t scatter_entry = 24;

std::uint64_t fixed_size(std::uint32_t version) {
    if (version >= version_with_linkage) return 108;
    if (version >= version_with_pre_encrypt) return 96;
    if (version >= version_with_exec_segment) return 88;
    if (version >= version_with_limit_64) return 64;
    if (version >= version_with_team) return 52;
    if (version >= version_with_scatter) return 48;
    return 44;
}

/// The bytes of a NUL-terminated string at `offset`; nothing if it lies outside or does not end.
std::optional<Range> string_at(std::string_view blob, std::uint64_t offset, std::uint64_t fixed) {
    const std::optional<std::string_view> found = offset < fixed ? std::nullopt : directory_string(blob, offset);
    if (!found) return {};
    return Range{offset, found->size()};
}

std::optional<Defect> read_scatter(std::string_view blob, std::uint64_t offset, CodeDirectory& directory) {
    auto bad = [&](const char* what) { return Defect{Code::scatter_malformed, offset, what}; };
    if (offset < directory.fixed.size) return bad("the scatter list lies in the fixed header");
    bytes::Reader reader(blob, bytes::Order::big);
    reader.seek(offset);
    std::uint64_t slot = 0, next_page = 0;
    while (true) {
        std::uint32_t count = reader.u32(), base = reader.u32();
        reader.skip(scatter_entry - 8);
        if (!reader.ok()) return bad("the scatter list does not end within the CodeDirectory");
        if (count == 0) break;
        if (base < next_page) return bad("the scatter list is not in order");
        directory.scatter.push_back({base, count, slot});
        next_page = std::uint64_t{base} + count;
        slot += count;
    }
    if (slot != directory.code_slots) return bad("the scatter list does not have as many pages as there are code slots");
    directory.scatter_list = Range{offset, reader.offset() - offset};
    return {};
}

/// Slots are counted by division: their numbers come from the file.
std::optional<Defect> place_slots(const DirectoryFields& fields, CodeDirectory& directory) {
    std::uint64_t size = digest_size(directory.hash), length = directory.blob.size;
    if (fields.hash_offset > length || fields.hash_offset < directory.fixed.size)
        return Defect{Code::codedirectory_malformed, 16, "the code slots lie outside the CodeDirectory"};
    if (directory.code_slots > (length - fields.hash_offset) / size)
        return Defect{Code::codedirectory_malformed, 28, std::to_string(directory.code_slots) + " code slots do not fit"};
    if (directory.special_slots > (fields.hash_offset - directory.fixed.size) / size)
        return Defect{Code::codedirectory_malformed, 24, std::to_string(directory.special_slots) + " special slots do not fit"};
    std::uint64_t special_size = directory.special_slots * size;
    directory.slots = {fields.hash_offset - special_size, special_size + directory.code_slots * size};
    return {};
}

std::optional<Defect> check_overlaps(const CodeDirectory& directory) {
    std::vector<Range> parts{directory.fixed, {directory.identifier.offset, directory.identifier.size + 1}};
    if (directory.team.offset != 0) parts.push_back({directory.team.offset, directory.team.size + 1});
    if (directory.slots.size != 0) parts.push_back(directory.slots);
    for (const std::optional<Range>& part : {directory.scatter_list, directory.pre_encrypt, directory.linkage})
        if (part && part->size != 0) parts.push_back(*part);
    std::sort(parts.begin(), parts.end(), [](const Range& a, const Range& b) { return a.offset < b.offset; });
    for (std::size_t i = 1; i < parts.size(); ++i)
        if (parts[i].offset < parts[i - 1].end())
            return Defect{Code::codedirectory_malformed, parts[i].offset, "parts of the CodeDirectory overlap"};
    return {};
}

void move(Range& range, std::uint64_t by) { range.offset += by; }

/// Parsed within the blob; from here on all ranges are of the signature.
void rebase(CodeDirectory& directory) {
    std::uint64_t base = directory.blob.offset;
    move(directory.fixed, base), move(directory.identifier, base), move(directory.slots, base);
    if (directory.team.offset != 0) move(directory.team, base);
    for (std::optional<Range>* part : {&directory.scatter_list, &directory.pre_encrypt, &directory.linkage})
        if (*part) move(**part, base);
}

Parsed<CodeDirectory> parse(std::string_view blob, CodeDirectory directory) {
    if (blob.size() < kernel_minimum)
        return Defect{Code::codedirectory_short, 4,
                      "a CodeDirectory of " + std::to_string(blob.size()) + " bytes; the kernel asks for " +
                          std::to_string(kernel_minimum)};
    const DirectoryFields fields = read_directory_fields(blob);
    directory.version = fields.version;
    directory.flags = fields.flags;
    directory.special_slots = fields.special_slots;
    directory.code_slots = fields.code_slots;
    directory.page_size_log2 = fields.page_size_log2;
    if (directory.version < oldest_version || directory.version > newest_version)
        return Defect{Code::version_unsupported, 8, "a CodeDirectory of version " + hex(directory.version)};
    directory.fixed = {0, fixed_size(directory.version)};

    if (fields.hash_type < 1 || fields.hash_type > 4)
        return Defect{Code::hash_unsupported, 37, "hash type " + std::to_string(fields.hash_type) + ", which no kernel knows"};
    directory.hash = static_cast<HashType>(fields.hash_type);
    if (fields.hash_size != digest_size(directory.hash))
        return Defect{Code::hash_unsupported, 36,
                      std::string(name(directory.hash)) + " with hashes of " + std::to_string(fields.hash_size) + " bytes"};
    directory.code_limit = fields.limit();

    std::optional<Range> identifier = string_at(blob, fields.identifier_offset, directory.fixed.size);
    if (!identifier) return Defect{Code::codedirectory_malformed, 20, "the identifier does not lie within the CodeDirectory"};
    directory.identifier = *identifier;
    if (fields.team_offset != 0) {
        std::optional<Range> team = string_at(blob, fields.team_offset, directory.fixed.size);
        if (!team) return Defect{Code::codedirectory_malformed, 48, "the team does not lie within the CodeDirectory"};
        directory.team = *team;
    }
    if (std::optional<Defect> defect = place_slots(fields, directory)) return *defect;
    if (fields.scatter_offset != 0)
        if (std::optional<Defect> defect = read_scatter(blob, fields.scatter_offset, directory)) return *defect;
    if (fields.pre_encrypt_offset != 0) {
        directory.pre_encrypt = {fields.pre_encrypt_offset, directory.code_slots * digest_size(directory.hash)};
        if (!directory.pre_encrypt->within(blob.size()))
            return Defect{Code::codedirectory_malformed, 92, "the pre-encryption hashes lie outside the CodeDirectory"};
    }
    if (fields.linkage_size != 0) {
        directory.linkage = {fields.linkage_offset, fields.linkage_size};
        if (!directory.linkage->within(blob.size()))
            return Defect{Code::codedirectory_malformed, 100, "the linkage data lies outside the CodeDirectory"};
    }
    if (std::optional<Defect> defect = check_overlaps(directory)) return *defect;
    rebase(directory);
    return directory;
}

}  // namespace

std::optional<std::uint64_t> CodeDirectory::slot_of(std::uint64_t page) const {
    if (scatter.empty()) return page < code_slots ? std::optional(page) : std::nullopt;
    auto behind = std::upper_bound(scatter.begin(), scatter.end(), page,
                                   [](std::uint64_t wanted, const ScatterRun& run) { return wanted < run.first_page; });
    if (behind == scatter.begin()) return {};
    const ScatterRun& run = *std::prev(behind);
    if (page - run.first_page >= run.pages) return {};
    return run.first_slot + (page - run.first_page);
}

std::uint64_t CodeDirectory::page_of(std::uint64_t code_slot) const {
    auto behind = std::upper_bound(scatter.begin(), scatter.end(), code_slot,
                                   [](std::uint64_t wanted, const ScatterRun& run) { return wanted < run.first_slot; });
    if (behind == scatter.begin()) return code_slot;
    const ScatterRun& run = *std::prev(behind);
    return code_slot - run.first_slot < run.pages ? run.first_page + (code_slot - run.first_slot) : code_slot;
}

Range CodeDirectory::hash_range(std::int64_t at) const {
    std::uint64_t size = digest_size(hash);
    return {slots.offset + static_cast<std::uint64_t>(at + special_slots) * size, size};
}

bool CodeDirectory::has_special_hash(std::uint32_t k, std::string_view signature) const {
    if (k > special_slots) return false;
    const Range at = hash_range(-std::int64_t{k});
    return !bytes::zeros(signature.substr(static_cast<std::size_t>(at.offset), static_cast<std::size_t>(at.size)));
}

Range CodeDirectory::pre_encrypt_range(std::uint64_t code_slot) const {
    std::uint64_t size = digest_size(hash);
    return {pre_encrypt->offset + code_slot * size, size};
}

Parsed<CodeDirectory> parse_codedirectory(std::string_view signature, std::uint32_t slot, Range blob) {
    CodeDirectory directory;
    directory.slot = slot;
    directory.blob = blob;
    std::string_view bytes = signature.substr(static_cast<std::size_t>(blob.offset), static_cast<std::size_t>(blob.size));
    Parsed<CodeDirectory> parsed = parse(bytes, std::move(directory));
    if (!parsed) return parsed.defect().behind(blob.offset);
    return parsed;
}

}  // namespace reseal::macho
