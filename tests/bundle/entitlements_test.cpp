// SPDX-License-Identifier: BSL-1.0
// Entitlements of signatures: read from both forms, compared, weighed.
#include "bundle/entitlements.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config.hpp"
#include "support/blobs.hpp"
#include "support/image_builder.hpp"

namespace reseal::entitlements_test {
using bundle::Entitlements;
using bundle::Restriction;

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0);

std::string xml(const std::string& pairs) { return "<plist version=\"1.0\"><dict>" + pairs + "</dict></plist>"; }
const std::string task_xml = "<key>com.apple.security.get-task-allow</key><true/>";

std::string der(unsigned tag, const std::string& contents) {
    return std::string(1, static_cast<char>(tag)) + static_cast<char>(contents.size()) + contents;
}
std::string der_of(const std::string& key, const std::string& value) {
    return der(0x70, der(2, "\1") + der(0xb0, der(0x30, der(0x0c, key) + value)));
}
const std::string yes = der(1, "\xff"), no = der(1, std::string(1, '\0'));

Entitlements read(const std::vector<support::BlobSpec>& blobs) {
    support::ImageSpec spec;
    spec.code_size = 560;
    spec.signature.blobs = blobs;
    const support::Image image = support::build(spec);
    const std::string signature = image.bytes.substr(image.signature);
    const macho::Parsed<macho::SuperBlob> super = macho::parse_superblob(signature);
    REQUIRE(super);
    return bundle::entitlements_of(*super, signature);
}

support::BlobSpec der_blob(const std::string& contents) {
    support::BlobSpec spec = support::der_entitlements("");
    spec.bytes = support::blob(0xfade7172, contents);
    return spec;
}

}  // namespace

TEST_CASE("a signature without entitlements has some") {
    const Entitlements found = read({support::no_requirements()});
    CHECK_FALSE(found.has_xml);
    CHECK_FALSE(found.has_der);
    CHECK(found.claimed() == nullptr);
    CHECK_FALSE(found.differ());
}

TEST_CASE("XML and DER that say the same differ" * needs_libplist) {
    const std::string key = "com.apple.security.get-task-allow";
    const Entitlements same = read({support::entitlements(xml(task_xml)), der_blob(der_of(key, yes))});
    REQUIRE(same.xml);
    REQUIRE(same.der);
    CHECK_FALSE(same.differ());
    CHECK(same.claimed() == &*same.der);
    const Entitlements other = read({support::entitlements(xml(task_xml)), der_blob(der_of(key, no))});
    CHECK(other.differ());
    CHECK_FALSE(*plist::find<bool>(*other.claimed(), key));
    const Entitlements fewer = read({support::entitlements(xml("")), der_blob(der_of(key, yes))});
    CHECK(fewer.differ());
    const Entitlements alone = read({support::entitlements(xml(task_xml))});
    CHECK_FALSE(alone.differ());
    CHECK(*plist::find<bool>(*alone.claimed(), key));
}

TEST_CASE("entitlements that cannot be read pass for none" * needs_libplist) {
    const Entitlements broken = read({support::entitlements("some text"), der_blob(der(0x74, ""))});
    CHECK(broken.has_xml);
    CHECK(broken.has_der);
    CHECK(broken.claimed() == nullptr);
    CHECK(broken.xml_fault.find("text outside") != std::string::npos);
    CHECK(broken.der_fault.find("tag 0x74") != std::string::npos);
    const Entitlements list = read({support::entitlements("<plist><array/></plist>")});
    CHECK(list.xml_fault == "entitlements: no dictionary");
    const Entitlements empty = read({support::entitlements(""), der_blob("")});
    CHECK_FALSE(empty.has_xml);
    CHECK_FALSE(empty.has_der);
    CHECK(empty.xml_fault.empty());
}

TEST_CASE("without libplist XML entitlements pass for none" * doctest::skip(RESEAL_PLIST == 1)) {
    const Entitlements found = read({support::entitlements(xml(task_xml)), der_blob(der_of("a", yes))});
    CHECK(found.unread);
    CHECK(found.has_xml);
    CHECK(found.claimed() == &*found.der);
}

TEST_CASE("a restricted entitlement passes for one that anybody may claim") {
    for (const char* key :
         {"com.apple.developer.endpoint-security.client", "com.apple.developer.system-extension.install",
          "com.apple.developer.team-identifier", "com.apple.application-identifier", "keychain-access-groups",
          "com.apple.vm.networking", "com.apple.private.tcc.allow", "com.apple.rootless.install", "com.apple.system-task-ports",
          "com.apple.system-task-ports.control", "aps-environment", "com.apple.developer.aps-environment"}) {
        CAPTURE(key);
        CHECK(bundle::restriction(key) == Restriction::restricted);
        CHECK(bundle::is_restricted(key));
    }
    for (const char* key :
         {"com.apple.security.get-task-allow", "com.apple.security.app-sandbox", "com.apple.security.cs.allow-jit",
          "com.apple.security.cs.disable-library-validation", "com.apple.security.files.user-selected.read-only",
          "com.apple.security.network.client", "com.apple.security.inherit", "com.apple.security.application-groups",
          "com.apple.security.automation.apple-events", "com.apple.security.hypervisor", "com.apple.security.virtualization"}) {
        CAPTURE(key);
        CHECK(bundle::restriction(key) == Restriction::unrestricted);
        CHECK_FALSE(bundle::is_restricted(key));
    }
    CHECK(bundle::restriction("com.apple.security.smartcard") == Restriction::probably_unrestricted);
    CHECK(bundle::restriction("com.apple.security.get-task-allow.not") == Restriction::probably_unrestricted);
    CHECK(bundle::restriction("com.apple.developer") == Restriction::probably_restricted);
    CHECK(bundle::restriction("com.example.mine") == Restriction::probably_restricted);
    CHECK(bundle::restriction("") == Restriction::probably_restricted);
    plist::Dict claims;
    for (const char* key : {"com.apple.vm.networking", "com.apple.security.cs.allow-jit", "aps-environment"})
        claims.entries.push_back({key, {true}});
    CHECK(bundle::restricted_keys(claims) == std::vector<std::string>{"com.apple.vm.networking", "aps-environment"});
}

}  // namespace reseal::entitlements_test
