// SPDX-License-Identifier: BSL-1.0
// The CMS blob of a signature: what libcrypto signed for these tests must come out as it went in.
#include "diagnose/cms.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config.hpp"
#include "diagnose/signed_data.hpp"
#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"

namespace reseal::cms_test {
using diagnose::Reading;

namespace {

std::string wrapped(const std::string& der) { return support::blob(0xfade0b01, der); }

}  // namespace

TEST_CASE("an ad-hoc signature has a signer") {
    CHECK(diagnose::read_cms("").state == Reading::absent);
    CHECK(diagnose::read_cms(wrapped("")).state == Reading::absent);
    CHECK(diagnose::read_cms(wrapped("")).cms.signer() == nullptr);
    CHECK(diagnose::read_cms(wrapped("")).cms.team().empty());
}

#if RESEAL_LIBCRYPTO

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0);

/// "AAAA…": 20 bytes in base64.
std::string plist_of(const std::vector<std::string>& base64) {
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>cdhashes</key><array>";
    for (const std::string& each : base64) text += "<data>" + each + "</data>";
    return text + "</array></dict></plist>";
}

struct Signed {
    std::string bytes;
    macho::Signature parsed;
    std::string primary;  // the CodeDirectory's bytes
};

Signed signature(const std::vector<support::DirectorySpec>& directories) {
    support::ImageSpec spec;
    spec.code_size = 560;
    spec.signature.directories = directories;
    const support::Image image = support::build(spec);
    Signed made{image.bytes.substr(image.signature), {}, {}};
    made.parsed = *macho::parse_signature(made.bytes);
    const macho::Range range = made.parsed.primary().blob;
    made.primary = made.bytes.substr(range.offset, range.size);
    return made;
}

std::string sha256(const std::string& bytes) { return std::string(digest::digest(HashType::sha256, bytes).bytes()); }

diagnose::Cms read(const support::SignedDataSpec& spec) {
    const diagnose::CmsReading reading = diagnose::read_cms(wrapped(support::signed_data(spec)));
    INFO(reading.fault);
    REQUIRE(reading.state == Reading::read);
    return reading.cms;
}

}  // namespace

TEST_CASE("a part of a CMS blob comes out as another") {
    const diagnose::Cms cms = read({.contents = "contents", .digests = {std::string(32, 'a'), std::string(32, 'b')}});
    REQUIRE(cms.certificates.size() == 2);
    REQUIRE(cms.signer() != nullptr);
    CHECK(cms.signer()->common_name == "Signer of Tests");
    CHECK(cms.signer()->organization == "Tests");
    CHECK(cms.signer()->issuer == "Authority of Tests");
    CHECK(cms.team() == "TEAM123456");
    CHECK(cms.signer()->not_before == 1577836800);
    CHECK(cms.signer()->not_after == 1893456000);
    CHECK(cms.signer()->digest == digest::digest(HashType::sha256, support::signer_certificate()).hex());
    CHECK(cms.certificates[1].common_name == "Authority of Tests");
    CHECK(cms.signing_time == 1622548800);
    CHECK_FALSE(cms.timestamp);
    REQUIRE(cms.message_digest);
    CHECK(cms.message_digest->hash == HashType::sha256);
    CHECK(cms.message_digest->bytes == sha256("contents"));
    REQUIRE(cms.digests.size() == 2);
    CHECK(cms.digests[0].bytes != cms.digests[1].bytes);
    CHECK(cms.cdhashes.empty());
    CHECK(cms.attributes_hold);
}

TEST_CASE("the attribute of cdhashes is not read" * needs_libplist) {
    const diagnose::Cms cms =
        read({.contents = "x", .cdhashes_plist = plist_of({"AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "//////////////////////////8="})});
    REQUIRE(cms.cdhashes.size() == 2);
    CHECK(cms.cdhashes[0] == std::string(20, '\0'));
    CHECK(cms.cdhashes[1] == std::string(20, '\xff'));
    CHECK(read({.contents = "x", .cdhashes_plist = "no property list"}).cdhashes.empty());
    CHECK(read({.contents = "x", .cdhashes_plist = "<plist><array/></plist>"}).cdhashes.empty());
}

TEST_CASE("a CMS blob vouches for a CodeDirectory that it was not made for") {
    const Signed one = signature({support::DirectorySpec{}});
    const diagnose::Cms cms = read({.contents = one.primary, .digests = {sha256(one.primary)}});
    const diagnose::CmsBinding good = diagnose::bind(cms, one.parsed, one.bytes);
    CHECK(good.primary);
    CHECK(good.unlisted.empty());
    CHECK_FALSE(good.unknown);

    std::string changed = one.bytes;  // a flag of the CodeDirectory
    changed[one.parsed.primary().blob.offset + 15] = static_cast<char>(changed[one.parsed.primary().blob.offset + 15] ^ 1);
    const diagnose::CmsBinding other = diagnose::bind(cms, one.parsed, changed);
    CHECK_FALSE(other.primary);
    CHECK(other.unlisted == std::vector<std::uint32_t>{0});
}

TEST_CASE("an alternate CodeDirectory that no attribute lists passes for signed") {
    support::DirectorySpec alternate;
    alternate.slot = 0x1000;
    alternate.hash_type = 4;
    const Signed two = signature({support::DirectorySpec{}, alternate});
    const diagnose::Cms cms = read({.contents = two.primary, .digests = {sha256(two.primary)}});
    const diagnose::CmsBinding binding = diagnose::bind(cms, two.parsed, two.bytes);
    CHECK(binding.primary);
    CHECK(binding.unlisted == std::vector<std::uint32_t>{0x1000});
    const diagnose::Cms old = read({.contents = two.primary});  // no attribute lists anything
    CHECK(diagnose::bind(old, two.parsed, two.bytes).unlisted.empty());
}

TEST_CASE("attributes that the signer did not sign hold") {
    std::string der = support::signed_data({.contents = "contents", .digests = {std::string(32, 'a')}});
    const std::size_t at = der.find(std::string(32, 'a'));
    REQUIRE(at != der.npos);
    der[at] = 'x';
    const diagnose::CmsReading reading = diagnose::read_cms_contents(der);
    REQUIRE(reading.state == Reading::read);
    CHECK_FALSE(reading.cms.attributes_hold);
    CHECK(reading.cms.message_digest->bytes == sha256("contents"));
}

TEST_CASE("a timestamp of another signature counts") {
    CHECK(read({.contents = "x", .timestamp = true}).timestamp == 1622635200);
    CHECK_FALSE(read({.contents = "x", .foreign_timestamp = true}).timestamp);
}

TEST_CASE("CMS without the signer's certificate has another's") {
    const diagnose::Cms cms = read({.contents = "x", .certificates = false});
    CHECK(cms.signer() == nullptr);
    CHECK(cms.team().empty());
    CHECK_FALSE(cms.attributes_hold);
    CHECK(cms.message_digest->bytes == sha256("x"));
}

TEST_CASE("bytes that are no CMS are taken for some") {
    const std::string good = support::signed_data({.contents = "x"});
    for (std::size_t size = 0; size < good.size(); size += 7) {
        CAPTURE(size);
        const diagnose::CmsReading reading = diagnose::read_cms_contents(std::string_view(good).substr(0, size));
        CHECK(reading.state == Reading::malformed);
        CHECK_FALSE(reading.fault.empty());
    }
    CHECK(diagnose::read_cms_contents("text").state == Reading::malformed);
    // pkcs7-data instead of signed data
    CHECK(diagnose::read_cms_contents(std::string("\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02\x04\x00", 17))
              .state == Reading::malformed);
    CHECK(diagnose::read_cms_contents(support::signed_data({.contents = "x", .two_signers = true})).fault ==
          "CMS of other than one signer");
    CHECK(diagnose::read_cms_contents(std::string(diagnose::max_cms_size + 1, '0')).state == Reading::malformed);
}

#else

TEST_CASE("without libcrypto a CMS blob passes for none") {
    CHECK(diagnose::read_cms(wrapped("something")).state == Reading::unavailable);
}

#endif

}  // namespace reseal::cms_test
