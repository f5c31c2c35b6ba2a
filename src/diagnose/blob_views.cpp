// SPDX-License-Identifier: BSL-1.0
#include "diagnose/blob_views.hpp"

#include "bundle/entitlements.hpp"
#include "bytes/hex.hpp"
#include "bytes/plist_json.hpp"
#include "diagnose/cms.hpp"
#include "macho/constants.hpp"
#include "macho/der_entitlements.hpp"
#include "macho/requirement_text.hpp"
#include "macho/slot_names.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::size_t viewed_blob_header = 8;

std::vector<Claim> claims_of(const plist::Dict& dict, bool entitlements) {
    std::vector<Claim> claims;
    claims.reserve(dict.entries.size());
    for (const plist::Entry& entry : dict.entries)
        claims.push_back({entry.key, plist::json(entry.value), entitlements && bundle::is_restricted(entry.key)});
    return claims;
}

CertificateView view_certificate(const Certificate& certificate) {
    return {certificate.common_name, certificate.organization, certificate.unit,  certificate.issuer,
            certificate.not_before,  certificate.not_after,    certificate.digest};
}

}  // namespace

std::vector<std::string> view_requirements(std::string_view blob, std::string& fault) {
    const macho::Parsed<std::vector<macho::Requirement>> parsed = macho::requirements_of(blob);
    std::vector<std::string> lines;
    if (!parsed) {
        fault = parsed.defect().what;
        return lines;
    }
    for (const macho::Requirement& requirement : *parsed) lines.push_back(requirement.line());
    return lines;
}

EntitlementsView view_entitlements(const macho::SuperBlob& super, std::string_view signature) {
    const bundle::Entitlements found = bundle::entitlements_of(super, signature);
    EntitlementsView view;
    view.has_xml = found.has_xml;
    view.has_der = found.has_der;
    if (found.has_xml)
        view.xml = seal::slice(signature, super.find(macho::slot_entitlements)->range).substr(viewed_blob_header);
    if (found.xml) view.claims = claims_of(*found.xml, true);
    if (found.der) view.der = claims_of(*found.der, true);
    view.xml_fault = found.unread ? "this build cannot read property lists" : found.xml_fault;
    view.der_fault = found.der_fault;
    view.differ = found.differ();
    return view;
}

ConstraintView view_constraint(std::uint32_t slot, std::string_view blob) {
    ConstraintView view;
    view.slot = slot;
    view.name = macho::slot_name(slot);
    const macho::Parsed<plist::Dict> parsed = macho::parse_der_constraint(blob);
    if (parsed) view.claims = claims_of(*parsed, false);
    else view.fault = parsed.defect().what;
    return view;
}

CmsView view_cms(std::string_view blob, const macho::Signature* parsed, std::string_view signature) {
    const CmsReading reading = read_cms(blob);
    CmsView view;
    view.present = reading.state != Reading::absent;
    if (reading.state == Reading::unavailable) view.fault = "this build cannot read CMS";
    if (reading.state == Reading::malformed) view.fault = reading.fault;
    if (reading.state != Reading::read) return view;
    const Cms& cms = reading.cms;
    for (const Certificate& each : cms.certificates) view.chain.push_back(view_certificate(each));
    view.has_signer = cms.has_signer;
    view.signing_time = cms.signing_time;
    view.timestamp = cms.timestamp;
    if (cms.message_digest) {
        view.digest_hash = name(cms.message_digest->hash);
        view.digest = to_hex(cms.message_digest->bytes);
    }
    for (const std::string& cdhash : cms.cdhashes) view.cdhashes.push_back(to_hex(cdhash));
    view.attributes_hold = cms.attributes_hold;
    if (!parsed) return view;
    CmsBinding binding = bind(cms, *parsed, signature);
    view.bound = binding.primary;
    view.unlisted = std::move(binding.unlisted);
    return view;
}

}  // namespace reseal::diagnose
