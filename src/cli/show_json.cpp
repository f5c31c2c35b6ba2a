// SPDX-License-Identifier: BSL-1.0
#include "cli/show_json.hpp"

#include <nlohmann/json.hpp>

#include "bytes/byte_string.hpp"
#include "bytes/hex.hpp"
#include "bytes/iso_date.hpp"

namespace reseal::cli {
namespace {

using ShowJson = nlohmann::ordered_json;

ShowJson text_or_null(const std::string& text) { return text.empty() ? ShowJson() : ShowJson(byte_string(text)); }
ShowJson date_or_null(const std::optional<std::int64_t>& seconds) {
    return seconds ? ShowJson(iso_date(*seconds)) : ShowJson();
}

ShowJson strings_json(const std::vector<std::string>& all) {
    ShowJson out = ShowJson::array();
    for (const std::string& each : all) out.push_back(byte_string(each));
    return out;
}

ShowJson claims_json(const std::vector<Claim>& claims, bool entitlements) {
    ShowJson out = ShowJson::array();
    for (const Claim& claim : claims) {
        ShowJson each = {{"key", byte_string(claim.key)}, {"value", ShowJson::parse(claim.value)}};
        if (entitlements) each["restricted"] = claim.restricted;
        out.push_back(std::move(each));
    }
    return out;
}

ShowJson specials_json(const CodeDirectoryView& directory) {
    ShowJson out = ShowJson::array();
    for (const SpecialSlotView& each : directory.specials)
        out.push_back({{"slot", each.slot},
                       {"name", text_or_null(each.name)},
                       {"digest", text_or_null(each.digest)},
                       {"state", name(each.state)}});
    return out;
}

ShowJson slots_json(const CodeDirectoryView& directory) {
    ShowJson out = ShowJson::array();
    for (std::uint64_t slot = 0;; ++slot) {
        const std::string_view digest = directory.code_digest(slot);
        if (digest.empty()) return out;
        out.push_back(to_hex(digest));
    }
}

ShowJson directory_json(const CodeDirectoryView& directory, bool slots) {
    ShowJson out = {{"slot", directory.slot},
                    {"chosen", directory.chosen},
                    {"version", directory.version},
                    {"flags", directory.flags},
                    {"flag_names", directory.flag_names},
                    {"identifier", byte_string(directory.identifier)},
                    {"team", text_or_null(directory.team)},
                    {"hash", text_or_null(directory.hash)},
                    {"hash_type", directory.hash_type},
                    {"platform", directory.platform},
                    {"page_size", directory.page_size},
                    {"code_limit", directory.code_limit},
                    {"code_slots", directory.code_slots},
                    {"scatter", directory.scatter},
                    {"pre_encrypt", directory.pre_encrypt},
                    {"runtime", text_or_null(directory.runtime)},
                    {"exec_segment", ShowJson()},
                    {"linkage", ShowJson()},
                    {"special_slots", specials_json(directory)},
                    {"digest", text_or_null(directory.digest)},
                    {"cdhash", text_or_null(directory.cdhash)},
                    {"fault", text_or_null(directory.fault)}};
    if (const std::optional<ExecSegmentView>& segment = directory.exec_segment)
        out["exec_segment"] = {
            {"base", segment->base}, {"limit", segment->limit}, {"flags", segment->flags}, {"flag_names", segment->flag_names}};
    if (const std::optional<LinkageView>& linkage = directory.linkage)
        out["linkage"] = {{"hash_type", linkage->hash_type},
                          {"application_type", linkage->application_type},
                          {"application_subtype", linkage->application_subtype},
                          {"offset", linkage->offset},
                          {"size", linkage->size}};
    if (slots) out["slots"] = slots_json(directory);
    return out;
}

ShowJson entitlements_json(const EntitlementsView& entitlements) {
    ShowJson out = {{"xml", ShowJson()}, {"der", ShowJson()}, {"differ", entitlements.differ}};
    if (entitlements.has_xml)
        out["xml"] = {{"text", byte_string(entitlements.xml)},
                      {"claims", claims_json(entitlements.claims, true)},
                      {"fault", text_or_null(entitlements.xml_fault)}};
    if (entitlements.has_der)
        out["der"] = {{"claims", claims_json(entitlements.der, true)}, {"fault", text_or_null(entitlements.der_fault)}};
    return out;
}

ShowJson constraints_json(const std::vector<ConstraintView>& constraints) {
    ShowJson out = ShowJson::array();
    for (const ConstraintView& each : constraints)
        out.push_back({{"slot", each.slot},
                       {"name", each.name},
                       {"claims", claims_json(each.claims, false)},
                       {"fault", text_or_null(each.fault)}});
    return out;
}

ShowJson cms_json(const CmsView& cms) {
    if (!cms.present) return {};
    ShowJson chain = ShowJson::array();
    for (const CertificateView& each : cms.chain)
        chain.push_back({{"common_name", byte_string(each.common_name)},
                         {"organization", text_or_null(each.organization)},
                         {"unit", text_or_null(each.unit)},
                         {"issuer", byte_string(each.issuer)},
                         {"not_before", iso_date(each.not_before)},
                         {"not_after", iso_date(each.not_after)},
                         {"sha256", each.sha256}});
    return {{"fault", text_or_null(cms.fault)},
            {"has_signer", cms.has_signer},
            {"chain", std::move(chain)},
            {"signing_time", date_or_null(cms.signing_time)},
            {"timestamp", date_or_null(cms.timestamp)},
            {"digest_hash", text_or_null(cms.digest_hash)},
            {"digest", text_or_null(cms.digest)},
            {"cdhashes", cms.cdhashes},
            {"attributes_hold", cms.attributes_hold},
            {"bound", cms.bound},
            {"unlisted", cms.unlisted}};
}

ShowJson blobs_json(const std::vector<BlobView>& blobs) {
    ShowJson out = ShowJson::array();
    for (const BlobView& each : blobs)
        out.push_back({{"slot", each.slot},
                       {"name", text_or_null(each.name)},
                       {"magic", each.magic},
                       {"offset", each.offset},
                       {"size", each.size},
                       {"fault", text_or_null(each.fault)}});
    return out;
}

ShowJson map_json(const ImagePageMap& map) {
    ShowJson runs = ShowJson::array();
    for (const PageRun& run : map.runs)
        runs.push_back({{"first", run.first}, {"count", run.count}, {"state", name(run.state)}});
    ShowJson parts = ShowJson::array();
    for (const PageMapPart& part : map.parts)
        parts.push_back({{"segment", text_or_null(part.segment)},
                         {"section", text_or_null(part.section)},
                         {"offset", part.offset},
                         {"size", part.size}});
    return {
        {"page_size", map.page_size}, {"code_limit", map.code_limit}, {"runs", std::move(runs)}, {"parts", std::move(parts)}};
}

ShowJson problems_json(const std::vector<Problem>& problems) {
    ShowJson out = ShowJson::array();
    for (const Problem& each : problems)
        out.push_back({{"code", name(each.code)},
                       {"layer", name(each.layer)},
                       {"offset", each.offset},
                       {"what", byte_string(each.what)}});
    return out;
}

ShowJson image_json(const ShownImage& image, bool slots) {
    const ImageView& view = image.view;
    ShowJson directories = ShowJson::array();
    for (const CodeDirectoryView& each : view.codedirectories) directories.push_back(directory_json(each, slots));
    return {{"arch", view.arch},
            {"file_type", text_or_null(view.file_type)},
            {"offset", view.offset},
            {"size", view.size},
            {"kind", name(view.kind)},
            {"status", name(image.verdict.verdict)},
            {"bad", image.verdict.bad},
            {"problems", problems_json(image.verdict.problems)},
            {"notes", problems_json(image.verdict.notes)},
            {"signature_offset", view.signature_offset},
            {"signature_size", view.signature_size},
            {"superblob_size", view.superblob_size},
            {"blobs", blobs_json(view.blobs)},
            {"codedirectories", std::move(directories)},
            {"requirements", strings_json(view.requirements)},
            {"requirements_fault", text_or_null(view.requirements_fault)},
            {"entitlements", entitlements_json(view.entitlements)},
            {"constraints", constraints_json(view.constraints)},
            {"cms", cms_json(view.cms)},
            {"faults", strings_json(view.faults)},
            {"pages", map_json(image.map)}};
}

}  // namespace

ShowJson show_json(const std::string& path, const std::vector<ShownImage>& images, const std::string& fault, bool slots) {
    ShowJson list = ShowJson::array();
    for (const ShownImage& image : images) list.push_back(image_json(image, slots));
    return {{"path", byte_string(path)}, {"fault", text_or_null(fault)}, {"images", std::move(list)}};
}

}  // namespace reseal::cli
