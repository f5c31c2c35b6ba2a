// SPDX-License-Identifier: BSL-1.0
// What the signatures of programs that others made say of who they are. The expected texts come from elsewhere: names and dates
// from `openssl cms -cmsout -print` and `openssl asn1parse`, requirements in the form that Apple documents for a Developer ID.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "bundle/entitlements.hpp"
#include "bundle/plist.hpp"
#include "diagnose/cms.hpp"
#include "fs/file_source.hpp"
#include "macho/constants.hpp"
#include "macho/requirement_text.hpp"
#include "real/files.hpp"
#include "seal/file_layout.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::identity_test {
namespace {

struct Identity {
    std::string requirements;  // a line each
    std::string signer, team;
    std::int64_t signing_time = 0, timestamp = 0;
    std::size_t entitlements = 0, restricted = 0;
    bool der = false;
    std::size_t codedirectories = 1;
};

std::string developer_id(const std::string& identifier, const std::string& team) {
    return "designated => identifier " + identifier +
           " and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate "
           "leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = " +
           team + "\n";
}

const Identity nobody;

/// Of each signed image, by offset.
const std::map<std::string, std::vector<Identity>> known = {
    {"esbuild", {nobody}},
    {"rollup.darwin-arm64.node", {nobody}},
    {"biome", {nobody}},
    {"swc.darwin-arm64.node", {nobody}},
    {"fsevents.node", {nobody}},
    {"libvips-cpp.8.18.7.dylib", {nobody}},
    {"node",
     {{developer_id("node", "HX7739G8FX"), "Developer ID Application: Node.js Foundation (HX7739G8FX)", "HX7739G8FX",
       1641819400, 1641819397, 6, 0, false, 2}}},
    {"sentry-cli",
     {{developer_id("\"sentry-cli-Darwin-universal\"", "\"97JCY7859U\""),
       "Developer ID Application: GetSentry LLC (97JCY7859U)", "97JCY7859U", 1789568215, 1789568216, 0, 0, true, 1},
      {developer_id("\"sentry_cli-ed605fe0983d3ac0\"", "\"97JCY7859U\""),
       "Developer ID Application: GetSentry LLC (97JCY7859U)", "97JCY7859U", 1789568216, 1789568216, 0, 0, true, 1}}},
};

/// The signatures of a file's images; no more of it is read.
std::vector<std::string> signatures(const std::filesystem::path& path) {
    const fs::FileSource file = fs::FileSource::open(path.string());
    std::vector<std::string> found;
    for (const macho::Slice& slice : seal::read_layout(file).slices) {
        const seal::SliceHead head = seal::read_head(file, slice.range, {});
        if (!head.header || !head.header->signature) continue;
        const macho::Range range{slice.range.offset + head.header->signature->offset, head.header->signature->size};
        found.push_back(seal::read_range(file, range));
    }
    return found;
}

void check_cms(const macho::Signature& parsed, std::string_view bytes, const Identity& expected) {
    const macho::Blob* blob = parsed.super.find(macho::slot_cms);
    const diagnose::CmsReading reading = diagnose::read_cms(blob ? seal::slice(bytes, blob->range) : std::string_view());
    if (expected.signer.empty()) {
        CHECK(reading.state == diagnose::Reading::absent);
        return;
    }
    if (reading.state == diagnose::Reading::unavailable) return;
    REQUIRE(reading.state == diagnose::Reading::read);
    const diagnose::Cms& cms = reading.cms;
    REQUIRE(cms.certificates.size() == 3);
    CHECK(cms.signer()->common_name == expected.signer);
    CHECK(cms.certificates[1].common_name == "Developer ID Certification Authority");
    CHECK(cms.certificates[2].common_name == "Apple Root CA");
    CHECK(cms.team() == expected.team);
    CHECK(cms.signing_time == expected.signing_time);
    CHECK(cms.timestamp == expected.timestamp);
    CHECK(cms.signer()->not_before < *cms.timestamp);
    CHECK(cms.signer()->not_after > *cms.timestamp);
    CHECK(cms.attributes_hold);
    CHECK(cms.digests.size() == expected.codedirectories);
    if (bundle::plists_available()) CHECK(cms.cdhashes.size() == expected.codedirectories);
    const diagnose::CmsBinding binding = diagnose::bind(cms, parsed, bytes);
    CHECK(binding.primary);
    CHECK(binding.unlisted.empty());
    std::string changed(bytes);
    changed[parsed.primary().slots.offset] = static_cast<char>(changed[parsed.primary().slots.offset] ^ 1);
    CHECK_FALSE(diagnose::bind(cms, parsed, changed).primary);
    CHECK(diagnose::bind(cms, parsed, changed).unlisted == std::vector<std::uint32_t>{0});
}

void check(std::string_view bytes, const Identity& expected) {
    const macho::Parsed<macho::Signature> parsed = macho::parse_signature(bytes);
    REQUIRE(parsed);
    CHECK(parsed->directories.size() == expected.codedirectories);
    std::string lines;
    if (const macho::Blob* blob = parsed->super.find(macho::slot_requirements)) {
        const auto requirements = macho::requirements_of(seal::slice(bytes, blob->range));
        REQUIRE(requirements);
        for (const macho::Requirement& each : *requirements) lines += each.line() + "\n";
    }
    CHECK(lines == expected.requirements);

    const bundle::Entitlements entitlements = bundle::entitlements_of(parsed->super, bytes);
    CHECK(entitlements.has_der == expected.der);
    CHECK(entitlements.der_fault == "");
    CHECK(entitlements.xml_fault == "");
    CHECK_FALSE(entitlements.differ());
    if (!entitlements.unread) {
        const plist::Dict* claimed = entitlements.claimed();
        CHECK((claimed ? claimed->entries.size() : 0) == expected.entitlements);
        if (claimed) CHECK(bundle::restricted_keys(*claimed).size() == expected.restricted);
    }
    check_cms(*parsed, bytes, expected);
}

}  // namespace

TEST_CASE("a program of the corpus is another's") {
    const char* variable = std::getenv("RESEAL_CORPUS");
    REQUIRE_MESSAGE(variable != nullptr, "RESEAL_CORPUS is not set; tests/real/with-corpus sets it");
    const std::filesystem::path where = variable;
    std::istringstream list(real::read_file(where / "list.tsv"));
    std::size_t files = 0;
    for (std::string package, path; std::getline(list, package, '\t') && std::getline(list, path);) {
        const std::string name = std::filesystem::path(path).filename();
        CAPTURE(name);
        const auto found = known.find(name);
        REQUIRE_MESSAGE(found != known.end(), path << " has no line in the table of this test");
        const std::vector<std::string> signed_images = signatures(where / path);
        REQUIRE(signed_images.size() == found->second.size());
        for (std::size_t i = 0; i < signed_images.size(); ++i) {
            CAPTURE(i);
            check(signed_images[i], found->second[i]);
        }
        ++files;
    }
    CHECK(files > 0);
}

}  // namespace reseal::identity_test
