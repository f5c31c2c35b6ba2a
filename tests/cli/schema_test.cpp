// SPDX-License-Identifier: BSL-1.0
// The schemas list what the library can say: no name may be missing, none may be left over.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <reseal/bundle.hpp>
#include <reseal/explain.hpp>
#include <reseal/finding.hpp>
#include <reseal/log.hpp>
#include <reseal/page_map.hpp>
#include <reseal/relocation.hpp>
#include <reseal/report.hpp>
#include <reseal/signature.hpp>
#include <reseal/verify.hpp>
#include <set>
#include <string>

#include "cli/refs_scan.hpp"
#include "codec/compression.hpp"

namespace reseal::schema_test {
using nlohmann::literals::operator""_json_pointer;

namespace {

using Names = std::set<std::string>;

nlohmann::json schema(const std::string& name) {
    const char* folder = std::getenv("RESEAL_DOCS");
    REQUIRE(folder != nullptr);
    std::ifstream file(std::string(folder) + "/" + name);
    REQUIRE(file.good());
    return nlohmann::json::parse(file);
}

Names listed(const nlohmann::json& schema, const std::string& pointer) {
    const nlohmann::json& names = schema.at(nlohmann::json::json_pointer(pointer));
    Names out = names.get<Names>();
    CHECK(out.size() == names.size());
    return out;
}

// Values are numbered from 0 to the last.
template <class Enum>
Names names_up_to(Enum last) {
    Names out;
    for (int i = 0; i <= static_cast<int>(last); ++i) out.emplace(name(static_cast<Enum>(i)));
    return out;
}

Names all_hashes() {
    Names out;
    for (HashType type : {HashType::sha1, HashType::sha256, HashType::sha256_truncated, HashType::sha384, HashType::sha512})
        out.emplace(name(type));
    return out;
}

}  // namespace

TEST_CASE("both schemas list every code") {
    Names codes;
    for (Code code : all_codes()) codes.emplace(name(code));
    CHECK(listed(schema("report.schema.json"), "/$defs/code/enum") == codes);
    CHECK(listed(schema("verify.schema.json"), "/$defs/code/enum") == codes);
}

TEST_CASE("the report's schema lists every status, severity and hash") {
    nlohmann::json report = schema("report.schema.json");
    CHECK(listed(report, "/$defs/image/properties/status/enum") == names_up_to(ImageStatus::refused));
    CHECK(listed(report, "/$defs/entry/properties/status/enum") == names_up_to(EntryStatus::refused));
    CHECK(listed(report, "/$defs/finding/properties/severity/enum") == names_up_to(Severity::error));
    CHECK(listed(report, "/$defs/hash/enum") == all_hashes());
}

TEST_CASE("verify's schema lists every verdict and hash") {
    nlohmann::json line = schema("verify.schema.json");
    Names verdicts = names_up_to(Verdict::unsupported);
    verdicts.insert("not Mach-O");
    CHECK(listed(line, "/$defs/image/properties/status/enum") == verdicts);
    CHECK(listed(line, "/$defs/hash/enum") == all_hashes());
    CHECK(listed(line, "/$defs/layer/enum") == names_up_to(Layer::strict));
    CHECK(listed(line, "/$defs/bundle/properties/findings/items/properties/severity/enum") == names_up_to(Severity::error));
    Names bundle_codes;
    for (BundleCode code : all_bundle_codes()) bundle_codes.emplace(name(code));
    CHECK(listed(line, "/$defs/bundle_code/enum") == bundle_codes);
}

TEST_CASE("the schema of show lists every kind, state, verdict and hash") {
    const nlohmann::json shown = schema("show.schema.json");
    CHECK(listed(shown, "/$defs/image/properties/kind/enum") == names_up_to(SignatureKind::cms));
    CHECK(listed(shown, "/$defs/image/properties/status/enum") == names_up_to(Verdict::unsupported));
    CHECK(listed(shown, "/$defs/problems/items/properties/layer/enum") == names_up_to(Layer::strict));
    CHECK(listed(shown, "/$defs/image/properties/pages/properties/runs/items/properties/state/enum") ==
          names_up_to(PageState::unknown));
    CHECK(listed(shown, "/$defs/codedirectory/properties/special_slots/items/properties/state/enum") ==
          names_up_to(SlotState::unchecked));
    nlohmann::json hashes = shown.at("/$defs/hash/enum"_json_pointer);
    REQUIRE(hashes.back().is_null());
    hashes.erase(hashes.size() - 1);
    Names known = all_hashes();
    known.erase(std::string(name(HashType::sha512)));  // no kernel knows it
    CHECK(hashes.get<Names>() == known);
}

TEST_CASE("the schema of refs lists every part and format") {
    nlohmann::json line = schema("refs.schema.json");
    Names parts;
    for (int i = 0; i <= static_cast<int>(cli::Part::framing); ++i) parts.emplace(cli::name(static_cast<cli::Part>(i)));
    CHECK(listed(line, "/$defs/found/properties/positions/items/properties/part/enum") == parts);
    Names formats = {"zip"};
    for (const codec::Compression each :
         {codec::Compression::gzip, codec::Compression::bzip2, codec::Compression::xz, codec::Compression::zstd})
        formats.emplace(codec::name(each));
    CHECK(listed(line, "/$defs/inside/properties/layers/items/properties/format/enum") == formats);
}

TEST_CASE("the schema of a log's lines lists every kind, action and cause, and what times tell") {
    const nlohmann::json line = schema("explain-log.schema.json");
    CHECK(listed(line, "/properties/kind/enum") == names_up_to(LogKind::crash));
    CHECK(listed(line, "/properties/action/enum") == names_up_to(LogAction::killing));
    CHECK(listed(line, "/properties/modification/enum") == names_up_to(Modification::in_place));
    Names causes;
    for (CauseCode each : all_causes()) causes.emplace(name(each));
    CHECK(listed(line, "/$defs/cause/enum") == causes);
}

TEST_CASE("explain's schema lists every cause, certainty and layer") {
    const nlohmann::json line = schema("explain.schema.json");
    Names causes;
    for (CauseCode each : all_causes()) causes.emplace(name(each));
    const std::string cause = "/$defs/cause/properties";
    CHECK(listed(line, cause + "/code/enum") == causes);
    CHECK(listed(line, cause + "/certainty/enum") == names_up_to(Certainty::possible));
    CHECK(listed(line, cause + "/layer/enum") == names_up_to(Layer::strict));
    CHECK(line.at(nlohmann::json::json_pointer(cause + "/evidence/maxItems")) == max_evidence);
}

TEST_CASE("the schema of what is remembered lists every encoding") {
    const nlohmann::json memory = schema("relocation.schema.json");
    Names encodings;
    for (int i = 0; i <= static_cast<int>(PrefixField::Encoding::utf32be); ++i)
        encodings.emplace(name(static_cast<PrefixField::Encoding>(i)));
    CHECK(listed(memory, "/properties/files/items/properties/offsets/items/properties/encoding/enum") == encodings);
}

}  // namespace reseal::schema_test
