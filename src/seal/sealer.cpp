// SPDX-License-Identifier: BSL-1.0
#include "seal/sealer.hpp"

#include <algorithm>
#include <utility>

#include "macho/constants.hpp"
#include "seal/adhoc.hpp"
#include "seal/page_rules.hpp"
#include "seal/signature_edits.hpp"
#include "seal/slot_patcher.hpp"

namespace reseal::seal {
namespace {

/// A refusal for each thing that is wrong with a CodeDirectory before a slot of it is looked at.
std::optional<macho::Defect> obstacle(const macho::CodeDirectory& directory, const Touched& image, std::string_view signature) {
    if (std::optional<macho::Defect> broken = page_rule_broken(directory, image.header, image.slice_offset)) return broken;
    if (!digest::available(directory.hash))
        return macho::Defect{Code::hash_unavailable, directory.blob.offset,
                             "this build has no library for " + std::string(name(directory.hash))};
    if (directory.pre_encrypt) {
        macho::Range code{directory.hash_range(0).offset, directory.pre_encrypt->size};
        if (slice(signature, code) != slice(signature, *directory.pre_encrypt))
            return macho::Defect{Code::pre_encrypt, directory.pre_encrypt->offset,
                                 "the pre-encryption hashes differ from the code hashes"};
    }
    return {};
}

/// Whether anything that a hash or a CMS signature seals has changed.
bool needs_seal(const Touched& image, const macho::Signature& signature, const SignatureEdits& edits) {
    if (!edits.blobs.empty() || edits.forbidden) return true;
    std::optional<std::uint64_t> change = image.pages.first_change();
    return change &&
           std::any_of(signature.directories.begin(), signature.directories.end(), [&](const macho::CodeDirectory& each) {
               // The page that holds the code limit counts as a whole, as it does when it is patched.
               std::uint64_t rest = each.page_size_log2 < 32 ? -each.code_limit % each.page_size() : 0;
               return *change < each.code_limit || *change - each.code_limit < rest;
           });
}

std::string cms_refusal(const macho::Signature& signature, std::string_view bytes) {
    std::string_view team = slice(bytes, signature.primary().team);
    return "CMS-signed" + (team.empty() ? std::string() : " by team " + std::string(team)) +
           ", and an edit breaks that signature; --cms adhoc makes it ad-hoc, --cms keep leaves it for who signs again";
}

std::string cdhash(const macho::CodeDirectory& directory, std::string_view bytes) {
    return digest::digest(directory.hash, slice(bytes, directory.blob)).prefix(macho::cdhash_size).hex();
}

void remark_edits(const macho::Signature& signature, const SignatureEdits& edits, std::uint64_t base,
                  std::vector<Remark>& remarks) {
    if (edits.identity)
        remarks.push_back({Severity::note, Code::identifier_edited, base + *edits.identity,
                           "an edit lies in the identifier or team of the signature"});
    bool xml = edits.touches(macho::slot_entitlements), der = edits.touches(macho::slot_der_entitlements);
    bool both = signature.super.find(macho::slot_entitlements) && signature.super.find(macho::slot_der_entitlements);
    if (both && xml != der)
        remarks.push_back({Severity::note, Code::entitlements_differ, base + *edits.first,
                           std::string("an edit lies in the ") + (xml ? "XML" : "DER") + " entitlements and not in the " +
                               (xml ? "DER" : "XML") + " ones"});
}

void remark_adhoc(const macho::Signature& signature, std::uint64_t base, std::vector<Remark>& remarks) {
    auto note = [&](Code code, const char* what) { remarks.push_back({Severity::note, code, base, what}); };
    note(Code::cms_downgraded, "the CMS signature was made an ad-hoc one");
    if (std::any_of(signature.directories.begin(), signature.directories.end(),
                    [](const macho::CodeDirectory& each) { return each.flags & macho::flag_runtime; }))
        note(Code::adhoc_runtime,
             "the hardened runtime flag stays under the ad-hoc signature: libraries must pass its validation");
    if (signature.super.find(macho::slot_entitlements) || signature.super.find(macho::slot_der_entitlements))
        note(Code::adhoc_entitlements,
             "the entitlements stay under the ad-hoc signature: restricted ones need a profile and get it killed");
}

Sealed refused(const macho::Defect& defect, std::uint64_t base) {
    return {ImageStatus::refused, {}, {}, {refusal(defect.behind(base))}};
}

}  // namespace

bool unsealable(const Sealed& sealed) {
    return sealed.status == ImageStatus::refused &&
           std::none_of(sealed.remarks.begin(), sealed.remarks.end(), [](const Remark& each) {
               return each.code == Code::cms_signed || each.code == Code::stale_page || each.code == Code::stale_special ||
                      each.code == Code::hash_unavailable;
           });
}

Sealed seal(const Touched& image, SignatureBytes& bytes, CmsPolicy cms, StalePolicy stale) {
    std::uint64_t base = image.header.signature->offset;
    macho::Parsed<macho::Signature> parsed = macho::parse_signature(bytes.before());
    if (!parsed) return refused(parsed.defect(), base);
    const macho::Signature& signature = *parsed;
    bool cms_signed = signature.super.cms_signed(), downgrade = cms_signed && cms == CmsPolicy::adhoc;

    SignatureEdits edits = classify(signature, bytes, downgrade);
    Sealed sealed;
    if (!needs_seal(image, signature, edits)) {
        if (std::optional<std::uint64_t> change = image.pages.first_change())
            sealed.remarks.push_back({Severity::note, Code::not_covered, *change, "an edit lies where no code slot covers it"});
        return sealed;
    }
    if (cms_signed && cms == CmsPolicy::refuse)
        return refused(
            {Code::cms_signed, signature.super.find(macho::slot_cms)->range.offset, cms_refusal(signature, bytes.before())},
            base);
    if (edits.forbidden) return refused(*edits.forbidden, base);
    for (const macho::CodeDirectory& directory : signature.directories)
        if (std::optional<macho::Defect> defect = obstacle(directory, image, bytes.before())) return refused(*defect, base);

    // Beyond this point the signature is understood; what may still refuse it is a slot that was stale before.
    for (const macho::CodeDirectory& directory : signature.directories)
        sealed.directories.push_back({directory.slot,
                                      directory.hash,
                                      static_cast<std::uint32_t>(directory.page_size()),
                                      {},
                                      cdhash(directory, bytes.before()),
                                      {},
                                      directory.scatter});
    remark_edits(signature, edits, base, sealed.remarks);

    const macho::Blob* requirements = signature.super.find(macho::slot_requirements);
    std::string old_requirements;
    if (downgrade) {
        if (requirements) old_requirements = slice(bytes.before(), requirements->range);
        if (std::optional<macho::Defect> defect = make_adhoc(signature, bytes.after())) return refused(*defect, base);
        remark_adhoc(signature, base, sealed.remarks);
    }

    for (std::size_t i = 0; i < signature.directories.size(); ++i) {
        SlotPatcher patcher(signature.directories[i], bytes, base, stale, sealed.remarks);
        patcher.patch_pages(image.pages);
        std::optional<SlotPatcher::BlobEdit> info_plist_blob;
        for (const macho::Blob& blob : signature.super.blobs) {
            if (blob.is_codedirectory() || blob.slot >= macho::slot_alternate) continue;  // no special slot could seal it
            bool emptied = downgrade && &blob == requirements;
            std::string_view after =
                slice(bytes.after(), emptied ? macho::Range{blob.range.offset, empty_requirements} : blob.range);
            const std::string_view before = slice(bytes.before(), blob.range);
            if (edits.touches(blob.slot) && blob.slot == macho::slot_info_plist) info_plist_blob = {before, after};
            else if (edits.touches(blob.slot)) patcher.patch_blob(blob.slot, before, after);
            else if (emptied) patcher.follow_requirements(old_requirements, after);
        }
        if (info_plist_blob || (image.info_plist && image.info_plist->touched()))
            patcher.patch_info_plist(image.info_plist, info_plist_blob);
        sealed.directories[i].slots_changed = patcher.changed();
    }
    if (std::any_of(sealed.remarks.begin(), sealed.remarks.end(),
                    [](const Remark& each) { return each.severity == Severity::error; })) {
        sealed.status = ImageStatus::refused;
        sealed.directories.clear();
        return sealed;
    }

    for (std::size_t i = 0; i < signature.directories.size(); ++i)
        sealed.directories[i].cdhash_after = cdhash(signature.directories[i], bytes.after());
    sealed.status = downgrade ? ImageStatus::downgraded : cms_signed ? ImageStatus::unbound : ImageStatus::resealed;
    if (downgrade) sealed.erased = made_adhoc(signature);
    if (sealed.status == ImageStatus::unbound)
        sealed.remarks.push_back({Severity::note, Code::cms_unbound, base, "the CMS signature no longer holds: sign again"});
    return sealed;
}

}  // namespace reseal::seal
