// SPDX-License-Identifier: BSL-1.0
// Causes that are seen in what a program claims, in what it is, and around it.
#include <doctest/doctest.h>

#include <string>

#include "config.hpp"
#include "diagnose/explained.hpp"
#include "diagnose/signed_data.hpp"
#include "support/octets.hpp"

namespace reseal::causes_claims_test {
using support::Codes;
using support::codes;
using support::explained;
using support::first;
using support::ImageSpec;
using support::primary;

namespace {

constexpr std::uint64_t flags_at = 24;  // of a header
constexpr std::uint32_t usual_flags = 0x200085, pie = 0x200000, dyldlink = 0x4;

ImageSpec with_header_flags(std::uint32_t flags) {
    ImageSpec spec;
    spec.pokes = {{flags_at, support::integer(flags, 4, false)}};
    return spec;
}

std::string le32(std::uint32_t value) { return support::integer(value, 4, false); }

/// LC_BUILD_VERSION.
std::string build_version(std::uint32_t platform, std::uint32_t oldest) {
    return le32(0x32) + le32(24) + le32(platform) + le32(oldest) + le32(0) + le32(0);
}

/// LC_LOAD_DYLIB.
std::string loads(const std::string& library) {
    const std::size_t size = (24 + library.size() + 8) / 8 * 8;
    std::string command = le32(0xc) + le32(static_cast<std::uint32_t>(size)) + le32(24) + std::string(12, '\0') + library;
    command.resize(size);
    return command;
}

/// DER: one claim that is true.
std::string claim(const std::string& key) {
    const auto wrapped = [](char tag, const std::string& contents) {
        return std::string(1, tag) + static_cast<char>(contents.size()) + contents;
    };
    const std::string entry = wrapped('\x30', wrapped('\x0c', key) + std::string("\x01\x01\xff", 3));
    return wrapped('\x70', std::string("\x02\x01\x01", 3) + wrapped('\xb0', entry));
}

ImageSpec claiming(const std::string& key) {
    ImageSpec spec;
    spec.signature.blobs = {support::der_entitlements(claim(key))};
    return spec;
}

const std::string endpoint = "com.apple.developer.endpoint-security.client";

}  // namespace

TEST_CASE("a restricted claim under an ad-hoc signature") {
    const Explanation told = explained(claiming(endpoint), {.path = "bin/tool"});
    REQUIRE(codes(told) == Codes{"restricted-entitlement"});
    CHECK(support::is_whole(told));
    CHECK(first(told).certainty == Certainty::certain);
    REQUIRE(first(told).evidence.size() == 1);
    CHECK(first(told).evidence[0].text == endpoint);
    CHECK(first(told).remedy.find("#   tool.app/Contents/embedded.provisionprofile\n") != std::string::npos);
    CHECK(first(explained(claiming("com.example.unknown"))).certainty == Certainty::likely);
    CHECK(codes(explained(claiming("com.apple.security.get-task-allow"))) == Codes{"nothing-found"});
    ImageSpec library = claiming(endpoint);
    library.filetype = 6;  // only a program's claims count
    CHECK(codes(explained(library)) == Codes{"nothing-found"});
}

TEST_CASE("entitlements that cannot be read, or are two") {
    ImageSpec spec;
    spec.signature.blobs = {support::der_entitlements("nonsense")};
    const Explanation told = explained(spec);
    CHECK(codes(told) == Codes{"bad-structure"});
    CHECK(support::is_whole(told));
    CHECK(first(told).verdict.find("entitlements cannot be read") != std::string::npos);
    spec.signature.blobs = {support::der_entitlements(std::string(std::size_t{1} << 20, 'x'))};
    const Explanation large = explained(spec);
    CHECK(codes(large) == Codes{"bad-structure", "nothing-found"});  // what is too large here need not be so for macOS
    CHECK(first(large).certainty == Certainty::possible);
    CHECK(large.valid);
#if RESEAL_PLIST
    spec.signature.blobs = {support::entitlements("<plist><dict><key>a</key></plist>")};
    CHECK(codes(explained(spec)) == Codes{"bad-structure"});
    const std::string claimed = "com.apple.security.get-task-allow";
    spec.signature.blobs = {support::entitlements("<plist><dict><key>" + claimed + "</key><true/></dict></plist>"),
                            support::der_entitlements(claim(claimed))};
    CHECK(codes(explained(spec)) == Codes{"nothing-found"});
    spec.signature.blobs[0] = support::entitlements("<plist><dict><key>" + claimed + "</key><false/></dict></plist>");
    CHECK(codes(explained(spec)) == Codes{"stale-entitlements", "nothing-found"});
    CHECK(explained(spec).valid);
#endif
}

TEST_CASE("exceptions from a runtime that a program has, or has not") {
    const std::string jit = "com.apple.security.cs.allow-jit";
    const Explanation told = explained(claiming(jit));
    CHECK(codes(told) == Codes{"hardened-exceptions", "nothing-found"});
    CHECK(told.valid);
    CHECK(told.causes[1].verdict.starts_with("apart from that nothing is wrong"));
    ImageSpec hardened = claiming(jit);
    primary(hardened).flags |= support::flag_runtime;
    CHECK(codes(explained(hardened)) == Codes{"nothing-found"});
}

TEST_CASE("a hardened ad-hoc program that needs libraries of its own") {
    ImageSpec spec;
    primary(spec).flags |= support::flag_runtime;
    spec.commands = {loads("/usr/lib/libSystem.B.dylib"), loads("@rpath/libown.dylib"), loads("/opt/lib/liba.dylib")};
    const Explanation told = explained(spec);
    REQUIRE(codes(told) == Codes{"library-validation"});
    CHECK(first(told).certainty == Certainty::likely);
    REQUIRE(first(told).evidence.size() == 2);
    CHECK(first(told).evidence[0].text == "@rpath/libown.dylib");
    spec.signature.blobs = {support::der_entitlements(claim("com.apple.security.cs.disable-library-validation"))};
    CHECK(codes(explained(spec)) == Codes{"nothing-found"});
    spec.signature.blobs.clear();
    spec.commands = {loads("/usr/lib/libSystem.B.dylib")};
    CHECK(codes(explained(spec)) == Codes{"nothing-found"});
    primary(spec).flags = support::flag_adhoc;
    spec.commands = {loads("@rpath/libown.dylib")};
    CHECK(codes(explained(spec)) == Codes{"nothing-found"});
}

TEST_CASE("more libraries than are listed") {
    ImageSpec spec;
    primary(spec).flags |= support::flag_runtime;
    for (int i = 0; i < 20; ++i) spec.commands.push_back(loads("@rpath/lib" + std::to_string(i) + ".dylib"));
    CHECK(first(explained(spec)).evidence.size() == max_evidence);
    CHECK(first(explained(spec)).more == 12);
}

TEST_CASE("a launch constraint") {
    ImageSpec spec;
    spec.signature.blobs = {support::constraint(8, "0123"), support::constraint(10, "0123")};
    const Explanation told = explained(spec);
    CHECK(codes(told) == Codes{"launch-constraint", "nothing-found"});
    CHECK(told.valid);
    REQUIRE(first(told).evidence.size() == 2);
    CHECK(first(told).evidence[1].slot == -10);
}

TEST_CASE("a program of Apple's that somebody signed anew") {
    ImageSpec spec;
    primary(spec).pokes = {{38, std::string(1, '\x0f')}};
    const Explanation told = explained(spec);
    CHECK(codes(told) == Codes{"platform-binary"});
    CHECK(support::is_whole(told));
    CHECK_FALSE(told.valid);
}

TEST_CASE("programs that no system starts, however they are signed") {
    const auto said = [](const ImageSpec& spec) {
        const Explanation told = explained(spec);
        CHECK(support::is_whole(told));
        return codes(told) == Codes{"not-launchable"} ? first(told).evidence.at(0).what : codes(told).front();
    };
    CHECK(said(with_header_flags(usual_flags & ~pie)) == "the header lacks MH_PIE");
    CHECK(said(with_header_flags(usual_flags & ~dyldlink)) == "the header lacks MH_DYLDLINK");
    ImageSpec phone;
    phone.commands = {build_version(2, 0x000e0000)};
    CHECK(said(phone) == "its load commands name the platform iOS");
    phone.commands = {build_version(99, 0)};
    CHECK(said(phone) == "its load commands name the platform platform 99");
    ImageSpec pointer;
    pointer.cpusubtype = 2;
    CHECK(said(pointer) == "the processor arm64e");
    ImageSpec object;
    object.filetype = 1;
    CHECK(codes(explained(object)) == Codes{"not-launchable", "nothing-found"});
    ImageSpec library = with_header_flags(0);
    library.filetype = 6;
    CHECK(codes(explained(library)) == Codes{"nothing-found"});
}

TEST_CASE("the oldest system that a program is for is not told") {
    ImageSpec spec;
    spec.commands = {build_version(1, 0x000d0301)};
    const Explanation told = explained(spec);
    REQUIRE(first(told).evidence.size() == 1);
    CHECK(first(told).evidence[0].what == "it is for macOS 13.3.1 and newer");
    spec.commands = {build_version(6, 0x000f0000)};
    CHECK(first(explained(spec)).evidence[0].what == "it is for Mac Catalyst 15.0 and newer");
}

TEST_CASE("what lies around a program that is right") {
    const Explanation in_place = explained(ImageSpec{}, {.path = "x", .modification = Modification::in_place});
    CHECK(codes(in_place) == Codes{"modified-in-place"});
    CHECK(in_place.valid);
    CHECK(first(in_place).remedy.ends_with("\ncp -p x x.new && mv x.new x"));
    const Explanation downloaded = explained(ImageSpec{}, {.path = "x", .quarantine = "0081;0;Safari;"});
    CHECK(codes(downloaded) == Codes{"quarantine"});
    CHECK(downloaded.valid);
    CHECK(first(downloaded).certainty == Certainty::likely);
    CHECK(first(downloaded).evidence.at(0).text == "0081;0;Safari;");
    CHECK(first(downloaded).remedy.ends_with("\nxattr -d com.apple.quarantine x"));
    const Explanation bundle =
        explained(ImageSpec{}, {.path = "A.app/Contents/MacOS/x", .quarantine = "0081;0;Safari;", .bundle = "A.app"});
    CHECK(first(bundle).remedy.ends_with("\nxattr -dr com.apple.quarantine A.app"));
}

#if RESEAL_LIBCRYPTO && RESEAL_PLIST

namespace {

struct ProfileSpec {
    std::string team = "TEAM123456", identifier = "TEAM123456.org.example.*", certificate, grants = endpoint;
    std::string expires = "2022-06-01T12:00:00Z";
};
constexpr std::int64_t within = 1640995200, after = 1672531200;  // 2022-01-01, 2023-01-01

std::string profile_of(const ProfileSpec& spec) {
    const std::string plist =
        "<plist version=\"1.0\"><dict><key>Name</key><string>P</string><key>TeamIdentifier</key><array><string>" + spec.team +
        "</string></array><key>CreationDate</key><date>2021-06-01T12:00:00Z</date>" + "<key>ExpirationDate</key><date>" +
        spec.expires + "</date>" +
        (spec.certificate.empty() ? ""
                                  : "<key>DeveloperCertificates</key><array><data>" + spec.certificate + "</data></array>") +
        "<key>Platform</key><array><string>OSX</string></array><key>Entitlements</key><dict>" +
        "<key>com.apple.application-identifier</key><string>" + spec.identifier + "</string><key>" + spec.grants +
        "</key><true/></dict></dict></plist>";
    return support::signed_data({.contents = plist, .attached = true});
}

/// The main executable of a bundle, signed with the tests' certificate, that claims to be an endpoint security client.
std::string main_executable() {
    ImageSpec spec = claiming(endpoint);
    primary(spec).flags = 0;
    primary(spec).team = "TEAM123456";
    spec.signature.blobs.push_back({support::slot_cms, support::blob(0xfade0b01, "?"), 4096});
    const support::Image image = support::build(spec);
    const support::BuiltDirectory& at = image.directories.front();
    spec.signature.blobs.back().bytes =
        support::blob(0xfade0b01, support::signed_data({.contents = image.bytes.substr(at.at, at.length)}));
    return support::build(spec).bytes;
}

Explanation with_profile(const ProfileSpec& spec, std::int64_t now = within) {
    Surroundings around;
    around.in_bundle = true;
    around.bundle = "an A.app";
    around.now = now;
    around.profile = profile_of(spec);
    return explained(main_executable(), around);
}

std::string what(const Explanation& told) { return first(told).evidence.empty() ? "" : first(told).evidence[0].what; }

}  // namespace

TEST_CASE("a restricted claim with a certificate, outside of a bundle and in one without a profile") {
    const Explanation outside = explained(main_executable());
    CHECK(codes(outside) == Codes{"restricted-entitlement"});
    CHECK(first(outside).certainty == Certainty::likely);
    CHECK(first(outside).verdict.find("outside of a bundle") != std::string::npos);
    CHECK(first(explained(main_executable(), {.in_bundle = true})).verdict.ends_with("its bundle holds none"));
}

TEST_CASE("an ad-hoc signature is told to mend what is killed for its claims then") {
    std::string changed = main_executable();
    support::flip(changed, 4096);
    const std::string warning =
        "It claims rights that take a provisioning profile, and with an ad-hoc signature it is killed for them";
    const Explanation told = explained(changed);
    REQUIRE(codes(told).front() == "stale-page");
    CHECK(first(told).remedy.find(warning) != std::string::npos);
    CHECK(first(told).remedy.ends_with("\nreseal fix --cms adhoc FILE"));
}

TEST_CASE("a profile that fits is said not to") { CHECK(codes(with_profile({})) == Codes{"nothing-found"}); }

TEST_CASE("a profile for another team, certificate, identifier or claim") {
    const Explanation team = with_profile({.team = "OTHER12345"});
    CHECK(codes(team) == Codes{"profile-mismatch"});
    CHECK(support::is_whole(team));
    CHECK(what(team) == "the team of the signature; the profile is for OTHER12345");
    CHECK(what(with_profile({.certificate = "AAEC"})) == "the certificate of the signature, which the profile does not name");
    CHECK(what(with_profile({.identifier = "TEAM123456.com.other"})) ==
          "team and identifier of the signature; the profile is for TEAM123456.com.other");
    CHECK(what(with_profile({.grants = "com.apple.developer.other"})) == "an entitlement that the profile does not grant");
    CHECK(first(team).remedy.find("\nsecurity cms -D -i 'an A.app/Contents/embedded.provisionprofile'\n") != std::string::npos);
    CHECK(first(team).remedy.ends_with(" -in 'an A.app/Contents/embedded.provisionprofile'"));
}

TEST_CASE("a profile that has expired, or is not valid yet") {
    const Explanation late = with_profile({}, after);
    CHECK(codes(late) == Codes{"profile-expired"});
    CHECK(what(late) == "the profile, which held until 2022-06-01T12:00:00Z");
    CHECK(support::is_whole(late));
    CHECK(first(with_profile({}, 0)).verdict.ends_with("not valid yet"));
    CHECK(codes(with_profile({}, within)) == Codes{"nothing-found"});
}

TEST_CASE("a profile that is none, or was changed") {
    Surroundings around;
    around.in_bundle = true;
    around.profile = "nonsense";
    CHECK(first(explained(main_executable(), around)).verdict.ends_with("cannot be read"));
    around.profile = profile_of({});
    support::flip(*around.profile, around.profile->find("<string>P</string>") + 8);
    CHECK(codes(explained(main_executable(), around)) == Codes{"profile-mismatch"});
    CHECK(first(explained(main_executable(), around)).verdict.find("was changed after") != std::string::npos);
}

TEST_CASE("a profile that nothing claimed needs is said to kill") {
    Surroundings around;
    around.profile = profile_of({.team = "OTHER12345"});
    around.now = after;
    const Explanation told = explained(claiming("com.apple.security.get-task-allow"), around);
    CHECK(codes(told) == Codes{"profile-expired", "nothing-found"});
    CHECK(told.valid);
}

#endif

}  // namespace reseal::causes_claims_test
