// SPDX-License-Identifier: BSL-1.0
#include "diagnose/directory_view.hpp"

#include <algorithm>

#include "bytes/hex.hpp"
#include "bytes/zeros.hpp"
#include "digest/digest.hpp"
#include "macho/constants.hpp"
#include "macho/directory_fields.hpp"
#include "macho/slot_names.hpp"
#include "seal/signature_bytes.hpp"
#include "seal/verifier_special.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint8_t largest_page_log2 = 31;

/// X.Y.Z as 0xXXXXYYZZ.
std::string runtime_version(std::uint32_t runtime) {
    if (runtime == 0) return {};
    return std::to_string(runtime >> 16) + "." + std::to_string(runtime >> 8 & 0xff) + "." + std::to_string(runtime & 0xff);
}

std::string string_or_nothing(std::string_view blob, std::uint32_t offset) {
    return offset == 0 ? std::string() : std::string(macho::directory_string(blob, offset).value_or(""));
}

void view_fields(std::string_view blob, const macho::DirectoryFields& fields, CodeDirectoryView& view) {
    view.version = fields.version;
    view.flags = fields.flags;
    view.flag_names = macho::directory_flag_names(fields.flags);
    view.identifier = string_or_nothing(blob, fields.identifier_offset);
    view.team = string_or_nothing(blob, fields.team_offset);
    view.hash_type = fields.hash_type;
    view.hash_size = fields.hash_size;
    if (fields.hash_type >= 1 && fields.hash_type <= 4) view.hash = name(static_cast<HashType>(fields.hash_type));
    view.platform = fields.platform;
    if (fields.page_size_log2 > 0 && fields.page_size_log2 <= largest_page_log2)
        view.page_size = std::uint64_t{1} << fields.page_size_log2;
    view.code_limit = fields.limit();
    view.special_slots = fields.special_slots;
    view.code_slots = fields.code_slots;
    view.scatter = fields.scatter_offset != 0;
    view.pre_encrypt = fields.pre_encrypt_offset != 0;
    if (const std::optional<macho::ExecSegment>& segment = fields.exec_segment)
        view.exec_segment =
            ExecSegmentView{segment->base, segment->limit, segment->flags, macho::exec_segment_flag_names(segment->flags)};
    view.runtime = runtime_version(fields.runtime);
    if (fields.linkage_size != 0)
        view.linkage = LinkageView{fields.linkage_hash_type, fields.linkage_application_type,
                                   fields.linkage_application_subtype, fields.linkage_offset, fields.linkage_size};
}

/// The hash in slot −k; empty where the CodeDirectory has no such slot, or too few bytes for it.
std::string_view special_hash(std::string_view blob, const macho::DirectoryFields& fields, std::uint32_t k) {
    const std::uint64_t back = std::uint64_t{k} * fields.hash_size;
    if (k > fields.special_slots || back > fields.hash_offset || fields.hash_offset > blob.size()) return {};
    return blob.substr(static_cast<std::size_t>(fields.hash_offset - back), fields.hash_size);
}

void view_specials(const DirectorySurroundings& around, std::string_view blob, const macho::DirectoryFields& fields,
                   const macho::CodeDirectory* sound, CodeDirectoryView& view) {
    seal::CheckedSpecials checked;
    const bool can_check = sound && digest::available(sound->hash);
    if (can_check) {
        std::optional<digest::Digest> section;
        const std::optional<macho::Range>& plist = around.header.info_plist;
        if (plist && plist->within(around.image.size) && sound->has_special_hash(macho::slot_info_plist, around.signature))
            section = seal::digest_range(around.file, {around.image.offset + plist->offset, plist->size}, sound->hash);
        checked = seal::check_specials(*sound, around.super, around.signature, section, around.options.preimages);
    }
    const auto listed = [](const std::vector<std::int64_t>& slots, std::int64_t slot) {
        return std::binary_search(slots.begin(), slots.end(), slot);
    };
    for (std::uint32_t k = 1; k <= max_special_slots_viewed; ++k) {
        SpecialSlotView special;
        special.slot = -std::int64_t{k};
        const std::string_view hash = special_hash(blob, fields, k);
        const bool stale = listed(checked.stale, special.slot);
        if ((hash.empty() || bytes::zeros(hash)) && !stale) continue;
        special.name = macho::slot_name(k);
        special.digest = to_hex(hash);
        special.state = !can_check || listed(checked.unchecked, special.slot) ? SlotState::unchecked
                        : stale                                               ? SlotState::stale
                                                                              : SlotState::right;
        view.specials.push_back(std::move(special));
    }
}

/// As many as there are bytes for.
std::string code_digests(std::string_view blob, const macho::DirectoryFields& fields) {
    if (fields.hash_offset > blob.size()) return {};
    return std::string(blob.substr(fields.hash_offset, std::size_t{fields.code_slots} * fields.hash_size));
}

}  // namespace

CodeDirectoryView view_directory(const DirectorySurroundings& around, const macho::Blob& where,
                                 const macho::CodeDirectory* sound, const std::string& fault) {
    const std::string_view blob = seal::slice(around.signature, where.range);
    const macho::DirectoryFields fields = macho::read_directory_fields(blob);
    CodeDirectoryView view;
    view.slot = where.slot;
    view.fault = fault;
    view_fields(blob, fields, view);
    view_specials(around, blob, fields, sound, view);
    if (around.options.digests) view.digests = code_digests(blob, fields);
    const auto hash = static_cast<HashType>(fields.hash_type);
    if (!view.hash.empty() && digest::available(hash)) {
        const digest::Digest whole = digest::digest(digest::whole(hash), blob);
        view.digest = whole.hex();
        view.cdhash = whole.prefix(macho::cdhash_size).hex();
    }
    return view;
}

}  // namespace reseal::diagnose
