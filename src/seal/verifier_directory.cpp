// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_directory.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "digest/digest.hpp"
#include "macho/constants.hpp"
#include "seal/signature_bytes.hpp"
#include "seal/verifier_pages.hpp"
#include "seal/verifier_special.hpp"

namespace reseal::seal {
namespace {

constexpr std::size_t most_pages_named = 16;  // in a problem's text; the list of stale slots has them all

/// "3 of 2526 pages: 17, 18, 1872; sha256/4096"
std::string describe(const std::vector<std::int64_t>& slots, const CodeDirectoryVerdict& of) {
    std::string text = std::to_string(slots.size()) + " of " + std::to_string(of.pages) + " pages: ";
    for (std::size_t i = 0; i < std::min(slots.size(), most_pages_named); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(slots[i]);
    if (slots.size() > most_pages_named) text += ", …";
    return text + "; " + std::string(name(of.hash)) + "/" + std::to_string(of.page_size);
}

void add(std::vector<std::int64_t>& stale, const std::vector<std::int64_t>& more) {
    stale.insert(stale.end(), more.begin(), more.end());
    std::sort(stale.begin(), stale.end());
    stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
}

Layer layer_of(const CodeDirectoryVerdict& verdict) { return verdict.chosen ? Layer::kernel : Layer::codesign; }

void check_special_slots(const Examination& of, const macho::CodeDirectory& directory, const macho::SuperBlob& super,
                         Level level, CodeDirectoryVerdict& verdict) {
    std::optional<digest::Digest> section;
    const std::optional<macho::Range>& plist = of.header.info_plist;
    if (level == Level::codesign && plist && plist->within(of.image.size) &&
        directory.has_special_hash(macho::slot_info_plist, of.bytes))
        section = digest_range(of.file, {of.image.offset + plist->offset, plist->size}, directory.hash);
    CheckedSpecials checked = check_specials(directory, super, of.bytes, section, of.options.preimages);
    for (std::size_t i = 0; i < checked.stale.size(); ++i) {
        const bool kernel = kernel_asks(checked.stale[i]);
        if (level == Level::kernel && !kernel) continue;
        of.problem(kernel ? layer_of(verdict) : Layer::codesign, checked.defects[i]);
        verdict.stale.push_back(checked.stale[i]);
    }
    if (level == Level::codesign) verdict.unchecked = std::move(checked.unchecked);
}

/// The file offset of the page that a code slot seals.
std::uint64_t page_offset(const Examination& of, const macho::CodeDirectory& directory, std::int64_t slot) {
    return of.image.offset + directory.page_of(static_cast<std::uint64_t>(slot)) * directory.page_size();
}

}  // namespace

bool add_directory(const Examination& of, const macho::CodeDirectory& directory, const macho::SuperBlob& super, bool chosen,
                   Level level) {
    CodeDirectoryVerdict& verdict = of.verdict.codedirectories.emplace_back();
    verdict.slot = directory.slot;
    verdict.hash = directory.hash;
    verdict.pages = directory.code_slots;
    verdict.chosen = chosen;
    if (directory.page_size_log2 > 0 && directory.page_size_log2 < 32)
        verdict.page_size = static_cast<std::uint32_t>(directory.page_size());
    if (!digest::available(directory.hash)) {
        of.problem(layer_of(verdict), Code::hash_unavailable, of.signature_offset() + directory.blob.offset,
                   "this build cannot compute the hash " + std::string(name(directory.hash)));
        return false;
    }
    verdict.cdhash = digest::digest(directory.hash, slice(of.bytes, directory.blob)).prefix(macho::cdhash_size).hex();
    check_special_slots(of, directory, super, level, verdict);
    return true;
}

void check_code_slots(const Examination& of, const std::vector<Checkable>& all) {
    std::vector<const macho::CodeDirectory*> directories;
    for (const Checkable& each : all) directories.push_back(each.directory);
    const std::vector<CheckedPages> checked = check_pages(of.file, of.image, of.bytes, directories, of.options.jobs);
    for (std::size_t i = 0; i < all.size(); ++i) {
        CodeDirectoryVerdict& verdict = of.verdict.codedirectories[all[i].verdict];
        const auto& [stale, pre_encrypt, complete] = checked[i];
        if (!stale.empty())
            of.problem(layer_of(verdict), Code::page_stale, page_offset(of, *directories[i], stale.front()),
                       describe(stale, verdict));
        if (!pre_encrypt.empty())
            of.problem(Layer::codesign, Code::pre_encrypt, page_offset(of, *directories[i], pre_encrypt.front()),
                       "pre-encryption hashes of " + describe(pre_encrypt, verdict));
        if (!complete)
            of.problem(layer_of(verdict), Code::truncated, of.file.size(), "the file became shorter while it was read");
        add(verdict.stale, stale);
        add(verdict.stale, pre_encrypt);
    }
}

}  // namespace reseal::seal
