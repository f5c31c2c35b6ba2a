// SPDX-License-Identifier: BSL-1.0
// Provisioning profiles: what one says, and what it allows.
#include "diagnose/profile.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config.hpp"
#include "diagnose/signed_data.hpp"
#include "digest/digest.hpp"

namespace reseal::profile_test {
using diagnose::Profile;
using diagnose::ProfileReading;
using diagnose::Reading;

#if RESEAL_LIBCRYPTO && RESEAL_PLIST

namespace {

std::string profile_plist(const std::string& more = {}) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>"
           "<key>Name</key><string>Example Profile</string><key>UUID</key><string>0000-11</string>"
           "<key>TeamName</key><string>Example LLC</string>"
           "<key>TeamIdentifier</key><array><string>TEAM123456</string><string>TEAM654321</string></array>"
           "<key>CreationDate</key><date>2021-06-01T12:00:00Z</date>"
           "<key>ExpirationDate</key><date>2022-06-01T12:00:00Z</date>"
           "<key>Platform</key><array><string>OSX</string></array>"
           "<key>DeveloperCertificates</key><array><data>AAEC</data></array>"
           "<key>Entitlements</key><dict>"
           "<key>com.apple.application-identifier</key><string>TEAM123456.com.example.app</string>"
           "<key>com.apple.developer.endpoint-security.client</key><true/>"
           "<key>keychain-access-groups</key><array><string>TEAM123456.*</string></array></dict>" +
           more + "</dict></plist>";
}

ProfileReading read(const std::string& contents) {
    return diagnose::read_profile(support::signed_data({.contents = contents, .attached = true}), "a.provisionprofile");
}

}  // namespace

TEST_CASE("a field of a provisioning profile comes out as another") {
    const ProfileReading reading =
        read(profile_plist("<key>ProvisionedDevices</key><array><string>A</string><string>B</string></array>"));
    INFO(reading.fault);
    REQUIRE(reading.state == Reading::read);
    const Profile& profile = reading.profile;
    CHECK(profile.name == "Example Profile");
    CHECK(profile.uuid == "0000-11");
    CHECK(profile.team_name == "Example LLC");
    CHECK(profile.team_identifiers == std::vector<std::string>{"TEAM123456", "TEAM654321"});
    CHECK(profile.application_identifier == "TEAM123456.com.example.app");
    CHECK(profile.entitlements.entries.size() == 3);
    CHECK(profile.created == 1622548800);
    CHECK(profile.expires == 1654084800);
    CHECK(profile.platforms == std::vector<std::string>{"OSX"});
    CHECK(profile.devices == std::vector<std::string>{"A", "B"});
    CHECK_FALSE(profile.all_devices);
    CHECK(profile.certificates == std::vector<std::string>{digest::digest(HashType::sha256, {"\0\1\2", 3}).hex()});
    CHECK(profile.signed_by == "Signer of Tests");
    CHECK(profile.intact);
}

TEST_CASE("a profile for all devices is for none") {
    const ProfileReading reading = read(profile_plist("<key>ProvisionsAllDevices</key><true/>"));
    CHECK(reading.profile.all_devices);
    CHECK(reading.profile.devices.empty());
}

TEST_CASE("a profile that says nothing is malformed") {
    const ProfileReading reading = read("<plist><dict/></plist>");
    REQUIRE(reading.state == Reading::read);
    CHECK(reading.profile.team_identifiers.empty());
    CHECK_FALSE(reading.profile.expires);
    CHECK(reading.profile.application_identifier.empty());
}

TEST_CASE("a profile of iOS has no application identifier") {
    const ProfileReading reading = read(
        "<plist><dict><key>Entitlements</key><dict><key>application-identifier</key><string>T.*</string></dict></dict></"
        "plist>");
    CHECK(reading.profile.application_identifier == "T.*");
}

TEST_CASE("a profile that was changed after it was signed is intact") {
    std::string file = support::signed_data({.contents = profile_plist(), .attached = true});
    const std::size_t at = file.find("Example Profile");
    REQUIRE(at != file.npos);
    file.replace(at, 7, "Changed");
    const ProfileReading reading = diagnose::read_profile(file, "x");
    REQUIRE(reading.state == Reading::read);
    CHECK(reading.profile.name == "Changed Profile");
    CHECK_FALSE(reading.profile.intact);
}

TEST_CASE("a file that is no profile is taken for one") {
    const auto fault = [](const ProfileReading& reading) {
        CHECK(reading.state == Reading::malformed);
        return reading.fault;
    };
    CHECK(fault(diagnose::read_profile("", "x")) == "x: no provisioning profile: no CMS signed data");
    CHECK(fault(diagnose::read_profile(profile_plist(), "x")) == "x: no provisioning profile: no CMS signed data");
    CHECK(fault(read("text")) == "a.provisionprofile: no property list: text outside of a value (offset 0)");
    CHECK(fault(read("<plist><array/></plist>")) == "a.provisionprofile: no provisioning profile: no dictionary");
    const std::string detached = support::signed_data({.contents = profile_plist()});
    CHECK(fault(diagnose::read_profile(detached, "x")) == "x: no property list: no <plist> (offset 0)");
}

TEST_CASE("a profile allows what it does not list") {
    const Profile profile = read(profile_plist()).profile;
    const auto list = [](const std::vector<std::string>& texts) {
        plist::Array values;
        for (const std::string& each : texts) values.push_back({each});
        return plist::Value{values};
    };
    CHECK(diagnose::allows(profile, "com.apple.developer.endpoint-security.client", {true}));
    CHECK_FALSE(diagnose::allows(profile, "com.apple.developer.system-extension.install", {true}));
    CHECK_FALSE(diagnose::allows(profile, "com.apple.developer.endpoint-security.client", {std::string("true")}));
    CHECK(diagnose::allows(profile, "com.apple.application-identifier", {std::string("TEAM123456.com.example.app")}));
    CHECK_FALSE(diagnose::allows(profile, "com.apple.application-identifier", {std::string("TEAM123456.com.example.app2")}));
    CHECK(diagnose::allows(profile, "keychain-access-groups", list({"TEAM123456.a", "TEAM123456.b"})));
    CHECK_FALSE(diagnose::allows(profile, "keychain-access-groups", list({"TEAM123456.a", "TEAM999999.b"})));
    CHECK(diagnose::allows(profile, "keychain-access-groups", {std::string("TEAM123456.")}));
    CHECK_FALSE(diagnose::allows(profile, "keychain-access-groups", {std::string("TEAM12345")}));
    CHECK(diagnose::allows(profile, "keychain-access-groups", list({})));
}

#else

TEST_CASE("without libcrypto or libplist a profile is malformed") {
    CHECK(diagnose::read_profile("something", "x").state == Reading::unavailable);
}

#endif

}  // namespace reseal::profile_test
