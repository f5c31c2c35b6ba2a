// SPDX-License-Identifier: BSL-1.0
#include "diagnose/profile.hpp"

#include <reseal/error.hpp>

#include <algorithm>

#include "bundle/plist.hpp"
#include "config.hpp"
#include "diagnose/signed_contents.hpp"
#include "digest/digest.hpp"

namespace reseal::diagnose {
namespace {

std::string text_at(const plist::Dict& dict, std::string_view key) {
    const auto* found = plist::find<std::string>(dict, key);
    return found ? *found : std::string();
}

std::optional<std::int64_t> date_at(const plist::Dict& dict, std::string_view key) {
    const auto* found = plist::find<plist::Date>(dict, key);
    return found ? std::optional(found->seconds) : std::nullopt;
}

std::vector<std::string> certificate_digests(const plist::Dict& dict) {
    std::vector<std::string> digests;
    if (const auto* list = plist::find<plist::Array>(dict, "DeveloperCertificates"))
        for (const plist::Value& each : *list)
            if (const auto* data = each.as<plist::Data>())
                digests.push_back(digest::digest(HashType::sha256, data->bytes).hex());
    return digests;
}

Profile profile_of(const plist::Dict& dict) {
    Profile profile;
    profile.name = text_at(dict, "Name");
    profile.uuid = text_at(dict, "UUID");
    profile.team_name = text_at(dict, "TeamName");
    profile.team_identifiers = plist::strings(dict, "TeamIdentifier");
    if (const auto* allowed = plist::find<plist::Dict>(dict, "Entitlements")) profile.entitlements = *allowed;
    for (const char* key : {"com.apple.application-identifier", "application-identifier"})
        if (profile.application_identifier.empty()) profile.application_identifier = text_at(profile.entitlements, key);
    profile.created = date_at(dict, "CreationDate");
    profile.expires = date_at(dict, "ExpirationDate");
    profile.platforms = plist::strings(dict, "Platform");
    profile.devices = plist::strings(dict, "ProvisionedDevices");
    if (const bool* all = plist::find<bool>(dict, "ProvisionsAllDevices")) profile.all_devices = *all;
    profile.certificates = certificate_digests(dict);
    return profile;
}

bool claim_fits(const plist::Value& allowed, const plist::Value& value) {
    const auto *pattern = allowed.as<std::string>(), *claim = value.as<std::string>();
    if (pattern && claim && pattern->ends_with('*')) return claim->starts_with(pattern->substr(0, pattern->size() - 1));
    return allowed == value;
}

}  // namespace

ProfileReading read_profile(std::string_view bytes, const std::string& name) {
    const auto malformed = [&](const std::string& what) {
        return ProfileReading{Reading::malformed, {}, std::string(name).append(": ").append(what)};
    };
    if (!bundle::plists_available()) return {Reading::unavailable, {}, {}};
    const CmsReading cms = read_cms_contents(bytes);
    if (cms.state == Reading::unavailable) return {Reading::unavailable, {}, {}};
    if (cms.state != Reading::read) return malformed("no provisioning profile: " + cms.fault);
    const SignedContents contents = signed_contents(bytes);
    try {
        const plist::Value parsed = bundle::parse_plist(contents.bytes, name);
        const auto* dict = parsed.as<plist::Dict>();
        if (!dict) return malformed("no provisioning profile: no dictionary");
        ProfileReading reading{Reading::read, profile_of(*dict), {}};
        reading.profile.intact = contents.intact;
        if (const Certificate* signer = cms.cms.signer()) reading.profile.signed_by = signer->common_name;
        return reading;
    } catch (const Error& error) {
        return {Reading::malformed, {}, error.what()};
    }
}

bool allows(const Profile& profile, std::string_view key, const plist::Value& value) {
    const plist::Value* allowed = profile.entitlements.find(key);
    if (!allowed) return false;
    const auto allows_one = [&](const plist::Value& claim) {
        const auto* list = allowed->as<plist::Array>();
        if (!list) return claim_fits(*allowed, claim);
        return std::any_of(list->begin(), list->end(), [&](const plist::Value& each) { return claim_fits(each, claim); });
    };
    const auto* claims = value.as<plist::Array>();
    if (!claims) return allows_one(value);
    return std::all_of(claims->begin(), claims->end(), allows_one);
}

}  // namespace reseal::diagnose
