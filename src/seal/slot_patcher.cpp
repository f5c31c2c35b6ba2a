// SPDX-License-Identifier: BSL-1.0
#include "seal/slot_patcher.hpp"

#include <algorithm>

#include "macho/constants.hpp"

namespace reseal::seal {
namespace {

/// "17, 18, 1872", cut after a few.
std::string list(const std::vector<std::uint64_t>& numbers) {
    constexpr std::size_t shown = 8;
    std::string text;
    for (std::size_t i = 0; i < numbers.size() && i < shown; ++i) text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
    if (numbers.size() > shown) text += " and " + std::to_string(numbers.size() - shown) + " more";
    return text;
}

std::int64_t special(std::uint32_t k) { return -static_cast<std::int64_t>(k); }

}  // namespace

SlotPatcher::SlotPatcher(const macho::CodeDirectory& directory, SignatureBytes& signature, std::uint64_t signature_offset,
                         StalePolicy stale, std::vector<Remark>& remarks)
    : directory_(directory), signature_(signature), signature_offset_(signature_offset), stale_(stale), remarks_(remarks) {}

void SlotPatcher::patch_pages(PageHasher& hasher) {
    std::uint64_t limit = directory_.code_limit, page_size = directory_.page_size();
    PageHasher::Pages pages = hasher.pages({static_cast<std::uint32_t>(page_size), directory_.hash});
    std::vector<std::uint64_t> stale;
    while (std::optional<TouchedPage> page = pages.next()) {
        std::uint64_t begin = page->index * page_size;
        std::optional<std::uint64_t> slot = begin < limit ? directory_.slot_of(page->index) : std::nullopt;
        if (!slot) {
            remark(Severity::note, Code::not_covered, begin, "an edit lies in a page that no code slot covers");
        } else if (limit != signature_offset_ && limit - begin < page_size) {
            // The code goes on behind the limit: the page that went by is longer than what its slot is the hash of.
            remark(Severity::error, Code::code_limit_page, begin,
                   "an edit lies in the page of the code limit " + std::to_string(limit) +
                       ", which is not the signature's offset");
        } else {
            auto code_slot = static_cast<std::int64_t>(*slot);
            bool right = held(directory_.hash_range(code_slot)) == page->before.bytes();
            if (!right) stale.push_back(page->index);
            if (!right && stale_ == StalePolicy::refuse) continue;
            put(code_slot, page->after);
            if (directory_.pre_encrypt) put(directory_.pre_encrypt_range(*slot), page->after);
        }
    }
    if (!stale.empty()) remark_stale_pages(stale);
}

void SlotPatcher::patch_blob(std::uint32_t k, std::string_view before, std::string_view after) {
    if (!sealed(k)) return remark_unsealed(k);
    macho::Range hash = directory_.hash_range(special(k));
    if (held(hash) != digest::digest(directory_.hash, before).bytes()) {
        bool reseal = stale_ == StalePolicy::reseal;
        remark(reseal ? Severity::note : Severity::error, Code::stale_special, signature_offset_ + hash.offset,
               "special slot " + std::to_string(special(k)) + " was stale before the edit" + (reseal ? "; resealed" : ""));
        if (!reseal) return;
    }
    put(special(k), digest::digest(directory_.hash, after));
}

void SlotPatcher::follow_requirements(std::string_view before, std::string_view after) {
    if (!sealed(macho::slot_requirements)) return;
    macho::Range hash = directory_.hash_range(special(macho::slot_requirements));
    if (held(hash) == digest::digest(directory_.hash, before).bytes())
        return put(special(macho::slot_requirements), digest::digest(directory_.hash, after));
    remark(Severity::note, Code::stale_special, signature_offset_ + hash.offset,
           "special slot -2 was stale already and is left as it was");
}

void SlotPatcher::patch_info_plist(const SectionHasher* section, const std::optional<BlobEdit>& blob) {
    constexpr std::uint32_t k = macho::slot_info_plist;
    if (!sealed(k)) {
        if (blob) remark_unsealed(k);
        return;
    }
    macho::Range hash = directory_.hash_range(special(k));
    std::optional<SectionHasher::Digests> digests;
    if (section) digests = section->digests(directory_.hash);
    if (digests && held(hash) == digests->before.bytes()) {
        put(special(k), digests->after);
        if (blob) remark_unsealed(k);
        return;
    }
    if (blob && held(hash) == digest::digest(directory_.hash, blob->before).bytes())
        return put(special(k), digest::digest(directory_.hash, blob->after));
    remark(Severity::note, Code::info_plist_outside, signature_offset_ + hash.offset,
           std::string(section && section->touched() ? "an edit lies in __info_plist" : "an edit lies in the blob of slot 1") +
               ", and special slot -1 seals something else: left as it was");
}

std::vector<std::int64_t> SlotPatcher::changed() const {
    std::vector<std::int64_t> slots = changed_;
    std::sort(slots.begin(), slots.end());
    return slots;
}

void SlotPatcher::put(const macho::Range& hash, const digest::Digest& digest) {
    signature_.after().replace(static_cast<std::size_t>(hash.offset), static_cast<std::size_t>(hash.size), digest.bytes());
}

void SlotPatcher::put(std::int64_t slot, const digest::Digest& digest) {
    macho::Range hash = directory_.hash_range(slot);
    if (held(hash) == digest.bytes()) return;  // the requirements were the empty set before, or a stale slot foresaw the edit
    put(hash, digest);
    changed_.push_back(slot);
}

/// Of each kind the first is enough: a note per page would grow with the file.
void SlotPatcher::remark(Severity severity, Code code, std::uint64_t image_offset, std::string what) {
    for (const Remark& each : remarks_)
        if (each.code == code && each.severity == severity) return;
    remarks_.push_back({severity, code, image_offset, std::move(what)});
}

void SlotPatcher::remark_unsealed(std::uint32_t k) {
    remark(Severity::note, Code::special_absent, signature_offset_ + directory_.blob.offset,
           "an edit lies in a blob that special slot " + std::to_string(special(k)) + " does not seal");
}

void SlotPatcher::remark_stale_pages(const std::vector<std::uint64_t>& pages) {
    bool reseal = stale_ == StalePolicy::reseal;
    std::string what = std::to_string(pages.size()) + (pages.size() == 1 ? " touched page was" : " touched pages were") +
                       " stale before the edit: " + list(pages) + "; " + std::string(name(directory_.hash)) + "/" +
                       std::to_string(directory_.page_size()) + (reseal ? "; resealed" : "");
    remarks_.push_back(
        {reseal ? Severity::note : Severity::error, Code::stale_page, pages.front() * directory_.page_size(), std::move(what)});
}

}  // namespace reseal::seal
