// SPDX-License-Identifier: BSL-1.0
// Causes that are seen in what a signature seals besides code, and in who signed.
#include <doctest/doctest.h>

#include <string>

#include "config.hpp"
#include "diagnose/explained.hpp"
#include "diagnose/signed_data.hpp"
#include "support/octets.hpp"

namespace reseal::causes_seals_test {
using support::Codes;
using support::codes;
using support::explained;
using support::first;
using support::ImageSpec;
using support::primary;

namespace {

ImageSpec with_blobs(std::vector<support::BlobSpec> blobs) {
    ImageSpec spec;
    spec.signature.blobs = std::move(blobs);
    return spec;
}

/// With a bit of a blob's contents changed after signing.
Explanation changed(std::uint32_t slot, support::BlobSpec blob) {
    support::Image image = support::build(with_blobs({std::move(blob)}));
    support::flip(image.bytes, image.blobs.at(slot) + 9);
    return explained(image.bytes);
}

void check_special(const Explanation& told, const char* code, std::int64_t slot, Layer layer) {
    REQUIRE_FALSE(codes(told).empty());
    CHECK(codes(told).front() == code);
    CHECK(support::is_whole(told));
    CHECK_FALSE(told.valid);
    REQUIRE(first(told).evidence.size() == 1);
    CHECK(first(told).evidence[0].slot == slot);
    CHECK(first(told).layer == layer);
}

}  // namespace

TEST_CASE("a blob that was changed is taken for another") {
    check_special(changed(5, support::entitlements("<plist/>")), "stale-entitlements", -5, Layer::kernel);
    check_special(changed(7, support::der_entitlements("0123")), "stale-entitlements", -7, Layer::kernel);
    check_special(changed(8, support::constraint(8, "0123")), "stale-constraint", -8, Layer::kernel);
    check_special(changed(11, support::constraint(11, "0123")), "stale-constraint", -11, Layer::kernel);
    check_special(changed(2, support::requirements("0123")), "stale-requirements", -2, Layer::codesign);
}

TEST_CASE("entitlements that no slot seals") {
    ImageSpec spec = with_blobs({support::entitlements("<plist/>")});
    primary(spec).special_slots = 0;
    check_special(explained(spec), "stale-entitlements", -5, Layer::kernel);
}

TEST_CASE("an Info.plist within the program that is not the one sealed") {
    ImageSpec spec;
    spec.info_plist = "<plist/>";
    CHECK(codes(explained(spec)) == Codes{"nothing-found"});
    primary(spec).seals = {{1, "another"}};
    const Explanation told = explained(spec);
    check_special(told, "stale-info-plist", -1, Layer::codesign);
    CHECK(first(told).certainty == Certainty::likely);
    CHECK(first(told).evidence[0].section == "__info_plist");
}

TEST_CASE("an Info.plist and a CodeResources beside the program") {
    ImageSpec spec;
    primary(spec).seals = {{1, "info"}, {3, "resources"}};
    primary(spec).special_slots = 3;
    Surroundings around;
    CHECK(codes(explained(spec, around)) == Codes{"nothing-found"});  // nobody knows of a bundle
    around.in_bundle = true;
    around.info_plist = "info";
    around.resources = "resources";
    CHECK(codes(explained(spec, around)) == Codes{"nothing-found"});
    around.resources = "others";
    check_special(explained(spec, around), "stale-resources", -3, Layer::codesign);
    around.info_plist = "another";
    CHECK(codes(explained(spec, around)) == Codes{"stale-info-plist", "stale-resources"});
    around.bundle = "an A.app";
    for (const Cause& cause : explained(spec, around).causes) CHECK(cause.remedy.starts_with("# Put back the file "));
    around.bundle.clear();
    CHECK_FALSE(first(explained(spec, around)).remedy.starts_with("# Put back"));
    around.info_plist.reset();
    around.resources.reset();
    const Explanation missing = explained(spec, around);
    CHECK(codes(missing) == Codes{"stale-info-plist", "stale-resources"});
    CHECK(first(missing).verdict.find("is not there") != std::string::npos);
    CHECK(first(missing).certainty == Certainty::certain);
}

TEST_CASE("what is told of a program, or is a note, is told of its bundle as well") {
    BundleVerdict bundle;
    CHECK_FALSE(explain(bundle, "A.app"));
    bundle.findings = {{Severity::error, BundleCode::code_bad, Layer::kernel, "Contents/MacOS/a", "bad"},
                       {Severity::error, BundleCode::info_plist_stale, Layer::codesign, "Contents/Info.plist", "other"},
                       {Severity::note, BundleCode::requirement_unchecked, Layer::codesign, "Contents/b", "unchecked"}};
    CHECK_FALSE(explain(bundle, "A.app"));
    bundle.findings.push_back(
        {Severity::error, BundleCode::file_changed, Layer::codesign, "Contents/Resources/a\n", "changed"});
    const std::optional<Cause> one = explain(bundle, "an A.app");
    REQUIRE(one);
    CHECK(one->code == CauseCode::stale_resources);
    CHECK(one->layer == Layer::codesign);
    CHECK_FALSE(one->note);
    REQUIRE(one->evidence.size() == 1);
    CHECK(one->evidence[0].text == "Contents/Resources/a\n");
    CHECK(one->remedy.ends_with(" 'an A.app'"));
    for (int i = 0; i < 20; ++i)
        bundle.findings.push_back({Severity::error, BundleCode::file_extra, Layer::codesign, std::to_string(i), "not sealed"});
    const std::optional<Cause> many = explain(bundle, "A.app");
    REQUIRE(many);
    CHECK(many->evidence.size() == max_evidence);
    CHECK(many->more == 13);
    CHECK(many->verdict.starts_with("21 things in the bundle"));
}

TEST_CASE("neither ad-hoc nor signed with a certificate") {
    ImageSpec spec = with_blobs({support::empty_cms()});
    primary(spec).flags = 0;
    const Explanation told = explained(spec);
    CHECK(codes(told) == Codes{"missing-cms"});
    CHECK(support::is_whole(told));
    primary(spec).flags = support::flag_adhoc | support::flag_linker_signed;
    CHECK(codes(explained(spec)) == Codes{"nothing-found"});
}

TEST_CASE("a team that nobody vouches for, which may say anything to a terminal") {
    ImageSpec spec;
    primary(spec).team = "TEAM\x1b[31m";
    const Explanation told = explained(spec);
    CHECK(codes(told) == Codes{"team-without-cms"});
    CHECK(first(told).verdict.find("TEAM\\x1b[31m") != std::string::npos);
    CHECK(first(told).evidence[0].text == "TEAM\x1b[31m");
}

TEST_CASE("a certificate's signature that cannot be read, or is of other bytes") {
    const Explanation garbage = explained([] {
        ImageSpec spec = with_blobs({support::unbound_cms("0123456789")});
        primary(spec).flags = 0;
        return spec;
    }());
    CHECK(codes(garbage) == Codes{"unbound-cms"});
    CHECK(support::is_whole(garbage));
}

#if RESEAL_LIBCRYPTO

namespace {

constexpr std::size_t cms_room = 4096;

std::string codedirectory_of(const support::Image& image) {
    const support::BuiltDirectory& at = image.directories.front();
    return image.bytes.substr(at.at, at.length);
}

/// Signed with the tests' certificate; `contents` nothing: as it should be.
support::Image cms_signed(ImageSpec spec, const std::optional<std::string>& contents = {}) {
    spec.signature.blobs.push_back({support::slot_cms, support::blob(0xfade0b01, "?"), cms_room});
    const std::string directory = codedirectory_of(support::build(spec));
    spec.signature.blobs.back().bytes =
        support::blob(0xfade0b01, support::signed_data({.contents = contents.value_or(directory)}));
    REQUIRE(spec.signature.blobs.back().bytes.size() < cms_room);
    return support::build(spec);
}

ImageSpec for_certificate() {
    ImageSpec spec;
    primary(spec).flags = 0;
    primary(spec).team = "TEAM123456";
    return spec;
}

}  // namespace

TEST_CASE("a program signed with a certificate has a cause") {
    const support::Image image = cms_signed(for_certificate());
    CHECK(codes(explained(image.bytes)) == Codes{"nothing-found"});
}

TEST_CASE("hashes made right again after a certificate had signed them") {
    const Explanation told = explained(cms_signed(for_certificate(), "another CodeDirectory").bytes, {.path = "x"});
    REQUIRE(codes(told) == Codes{"unbound-cms"});
    CHECK(support::is_whole(told));
    CHECK(first(told).certainty == Certainty::certain);
    CHECK(first(told).evidence[0].what.ends_with("it is of another CodeDirectory; by Signer of Tests"));
    CHECK(first(told).remedy.find("Only who has its key") != std::string::npos);
}

TEST_CASE("a page changed in a program signed with a certificate is put down to the certificate") {
    support::Image image = cms_signed(for_certificate());
    support::flip(image.bytes, 4096);
    const Explanation told = explained(image.bytes);
    CHECK(codes(told) == Codes{"stale-page"});
    CHECK(first(told).remedy.find("(Signer of Tests)") != std::string::npos);
    CHECK(first(told).remedy.find("llvm-objcopy") == std::string::npos);
}

TEST_CASE("said to be ad-hoc, and signed with a certificate") {
    ImageSpec spec = for_certificate();
    primary(spec).flags = support::flag_adhoc;
    const Explanation told = explained(cms_signed(spec).bytes);
    CHECK(codes(told) == Codes{"adhoc-with-cms"});
    CHECK(first(told).certainty == Certainty::likely);
}

#endif

}  // namespace reseal::causes_seals_test
