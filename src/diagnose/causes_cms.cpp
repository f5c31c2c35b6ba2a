// SPDX-License-Identifier: BSL-1.0
// Whether the certificate's signature and what the CodeDirectory says of it go together.
#include "bytes/byte_string.hpp"
#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"
#include "macho/constants.hpp"

namespace reseal::diagnose {
namespace {

constexpr const char* technote_signing = "Apple: Resolving trusted execution problems";

std::uint64_t signature_offset(const ImageFacts& image) { return image.slice.offset + image.header->signature->offset; }

Evidence at_cms(const ImageFacts& image, std::string what) {
    const macho::Blob* cms = image.parsed->super.find(macho::slot_cms);
    return image.evidence(signature_offset(image) + (cms ? cms->range.offset : 0), std::move(what));
}

Evidence at_primary(const ImageFacts& image, std::string what) {
    return image.evidence(signature_offset(image) + image.primary()->blob.offset, std::move(what));
}

/// How the CMS blob fails; empty: it does not.
std::string cms_fault(const ImageFacts& image) {
    if (image.cms.state == Reading::malformed) return "it cannot be read (" + image.cms.fault + ")";
    if (image.cms.state != Reading::read || image.binding.unknown)
        return image.problem({Code::cms_unbound}) ? "it is of other bytes" : "";
    if (!image.binding.primary) return "it is of another CodeDirectory";
    if (!image.binding.unlisted.empty()) return "it does not list every CodeDirectory";
    if (!image.cms.cms.attributes_hold) return "it is not made with the key of its certificate";
    return "";
}

}  // namespace

std::optional<Cause> unbound_cms(const ImageFacts& image) {
    if (!image.cms_signed()) return {};
    const std::string fault = cms_fault(image);
    if (fault.empty()) return {};
    Cause cause =
        image.cause(CauseCode::unbound_cms,
                    "its hashes were changed after it was signed with a certificate, whose signature no longer holds");
    cause.layer = Layer::codesign;  // xnu leaves it to AMFI's daemon, which asks Security.framework
    if (image.cms.state == Reading::malformed || (image.cms.state == Reading::read && image.binding.primary))
        cause.certainty = Certainty::likely;
    std::string what = "the certificate's signature: " + fault;
    if (const Certificate* signer = image.cms.cms.signer()) what += "; by " + signer->common_name;
    cause.evidence.push_back(at_cms(image, std::move(what)));
    cause.remedy = plain_adhoc(image);
    cause.reference = technote_signing;
    return cause;
}

std::optional<Cause> adhoc_with_cms(const ImageFacts& image) {
    if (!image.cms_signed() || (image.flags() & macho::flag_adhoc) == 0) return {};
    Cause cause =
        image.cause(CauseCode::adhoc_with_cms,
                    "its signature says that no certificate made it (ad-hoc), and yet a certificate's signature is in it");
    cause.certainty = Certainty::likely;
    cause.evidence.push_back(at_primary(image, "the flag adhoc (0x2)"));
    cause.evidence.push_back(at_cms(image, "a certificate's signature"));
    cause.remedy = plain_adhoc(image);
    cause.reference = technote_signing;
    return cause;
}

std::optional<Cause> missing_cms(const ImageFacts& image) {
    if (!image.adhoc() || (image.flags() & macho::flag_adhoc) != 0 || image.platform() != 0) return {};
    Cause cause = image.cause(CauseCode::missing_cms,
                              "its signature was made with a certificate, but the certificate's part is gone, and nothing says "
                              "that it is ad-hoc");
    cause.certainty = Certainty::likely;
    cause.evidence.push_back(at_primary(image, "without the flag adhoc (0x2)"));
    cause.evidence.push_back(at_cms(image, "no certificate's signature"));
    cause.remedy = plain_adhoc(image);
    cause.reference = technote_signing;
    return cause;
}

std::optional<Cause> team_without_cms(const ImageFacts& image) {
    if (!image.adhoc() || image.team().empty()) return {};
    const std::string team = printable(image.team());
    Cause cause = image.cause(CauseCode::team_without_cms,
                              "it names the team " + team + ", but no certificate of that team is in its signature");
    cause.evidence.push_back(image.evidence(signature_offset(image) + image.chosen()->team.offset, "the team identifier"));
    cause.evidence.back().text = image.team();
    cause.remedy = plain_adhoc(image);
    cause.reference = technote_signing;
    return cause;
}

}  // namespace reseal::diagnose
