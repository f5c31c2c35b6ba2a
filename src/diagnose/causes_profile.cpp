// SPDX-License-Identifier: BSL-1.0
// The provisioning profile of a bundle against the program that it is there for.
#include <algorithm>

#include "bytes/byte_string.hpp"
#include "bytes/iso_date.hpp"
#include "bytes/joined.hpp"
#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::string_view application_identifier_key = "com.apple.application-identifier";

/// Only what claims something restricted needs its profile.
bool needs_profile(const FileFacts& file) {
    return std::any_of(file.images.begin(), file.images.end(), [](const ImageFacts& each) {
        const plist::Dict* claimed = each.entitlements.claimed();
        return each.entitlements.unread || (claimed && !bundle::restricted_keys(*claimed).empty());
    });
}

Cause profile_cause(const FileFacts& file, CauseCode code, std::string verdict) {
    Cause cause;
    cause.code = code;
    cause.note = !needs_profile(file);
    cause.verdict = std::move(verdict);
    cause.reference = "TN3125";
    return cause;
}

void add(Cause& cause, std::string what, std::string text = {}) {
    if (cause.evidence.size() == max_evidence) {
        ++cause.more;
        return;
    }
    Evidence& at = cause.evidence.emplace_back();
    at.what = std::move(what);
    at.text = std::move(text);
}

template <class Values, class Value>
bool among(const Values& values, const Value& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// "TEAM.com.example.app" fits what a profile says, which may end in *.
bool fits_identifier(const std::string& allowed, const std::string& identifier) {
    if (allowed.ends_with('*')) return identifier.starts_with(allowed.substr(0, allowed.size() - 1));
    return allowed == identifier;
}

/// Why a profile does not grant an entitlement, with both values where they are strings.
std::string refusal_of(const Profile& profile, const plist::Entry& entry) {
    const plist::Value* granted = profile.entitlements.find(entry.key);
    if (!granted) return "an entitlement that the profile does not grant";
    const auto *claim = entry.value.as<std::string>(), *grant = granted->as<std::string>();
    if (!claim || !grant) return "an entitlement that the profile does not grant so";
    return "an entitlement: the program claims " + *claim + ", the profile grants " + *grant;
}

void compare(Cause& cause, const ImageFacts& image, const Profile& profile) {
    const std::string team = image.cms.cms.team().empty() ? std::string(image.team()) : image.cms.cms.team();
    if (!profile.team_identifiers.empty() && !team.empty() && !among(profile.team_identifiers, team))
        add(cause, "the team of the signature; the profile is for " + joined(profile.team_identifiers), team);
    if (const Certificate* signer = image.cms.cms.signer())
        if (!profile.certificates.empty() && !among(profile.certificates, signer->digest))
            add(cause, "the certificate of the signature, which the profile does not name", signer->common_name);
    const std::string whole = team + "." + std::string(image.identifier());
    const plist::Dict* claimed = image.entitlements.claimed();
    const bool says_it_itself = claimed && claimed->find(application_identifier_key);
    if (!says_it_itself && !profile.application_identifier.empty() && !team.empty() &&
        !fits_identifier(profile.application_identifier, whole))
        add(cause, "team and identifier of the signature; the profile is for " + profile.application_identifier, whole);
    if (!claimed) return;
    for (const plist::Entry& entry : claimed->entries)
        if (bundle::is_restricted(entry.key) && !allows(profile, entry.key, entry.value))
            add(cause, refusal_of(profile, entry), entry.key);
}

}  // namespace

std::optional<Cause> profile_mismatch(const FileFacts& file) {
    if (!file.profile || file.profile->state == Reading::unavailable) return {};
    if (file.profile->state != Reading::read) {
        Cause cause = profile_cause(file, CauseCode::profile_mismatch, "its bundle's provisioning profile cannot be read");
        add(cause, file.profile->fault);
        cause.certainty = Certainty::likely;
        cause.remedy = "# Fetch the profile again from Apple's developer site, and put it into the bundle before it is signed.";
        return cause;
    }
    Cause cause = profile_cause(file, CauseCode::profile_mismatch, "its bundle's provisioning profile is for other code");
    if (!file.profile->profile.intact) {
        cause.verdict = "its bundle's provisioning profile was changed after Apple had signed it";
        add(cause, "a profile that its signature no longer holds for", file.profile->profile.name);
    }
    const std::vector<std::string>& platforms = file.profile->profile.platforms;
    if (!platforms.empty() && !among(platforms, std::string("OSX")) && !among(platforms, std::string("macOS")))
        add(cause, "the platforms of the profile, among which is no macOS", joined(platforms));
    for (const ImageFacts& image : file.images)
        if (image.cms_signed()) compare(cause, image, file.profile->profile);
    if (cause.evidence.empty()) return {};
    const std::string& folder = file.around->bundle;
    const std::string there = shell_word((folder.empty() ? "" : folder + "/") + "Contents/embedded.provisionprofile");
    cause.remedy =
        "# Fetch a profile for this team, identifier and certificate that grants the entitlements, put it into the bundle as\n"
        "# Contents/embedded.provisionprofile, and sign the bundle again. What the profile there says, on a Mac:\n"
        "security cms -D -i " +
        there + "\n# elsewhere, with OpenSSL:\nopenssl smime -verify -noverify -inform der -in " + there;
    return cause;
}

std::optional<Cause> profile_expired(const FileFacts& file) {
    if (!file.profile || file.profile->state != Reading::read || !file.around->now) return {};
    const Profile& profile = file.profile->profile;
    const bool early = profile.created && *profile.created > *file.around->now;
    if ((!profile.expires || *profile.expires > *file.around->now) && !early) return {};
    Cause cause = profile_cause(
        file, CauseCode::profile_expired,
        early ? "its bundle's provisioning profile is not valid yet" : "its bundle's provisioning profile has expired");
    const std::string until = profile.expires ? "the profile, which held until " + iso_date(*profile.expires)
                                              : std::string("the profile, which does not say until when it holds");
    add(cause, early ? "a profile made later than the date of this machine" : until, profile.name);
    cause.remedy = early ? "# Set the clock of this machine."
                         : "# Fetch the profile anew from Apple's developer site, put it into the bundle as\n"
                           "# Contents/embedded.provisionprofile, and sign the bundle again.";
    return cause;
}

}  // namespace reseal::diagnose
