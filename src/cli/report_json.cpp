// SPDX-License-Identifier: BSL-1.0
#include "cli/report_json.hpp"

#include "bytes/byte_string.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Format format) {
    switch (format) {
        case Format::nar_or_plain:
        case Format::automatic: return "auto";  // too little came to tell
        case Format::plain: return "plain";
        case Format::nar: return "nar";
        case Format::tar: return "tar";
    }
    return "";
}

Json json(const CodeDirectoryReport& directory) {
    return {{"slot", directory.slot},
            {"hash", name(directory.hash)},
            {"page_size", directory.page_size},
            {"slots_changed", directory.slots_changed},
            {"cdhash_before", directory.cdhash_before},
            {"cdhash_after", directory.cdhash_after}};
}

std::string uuid(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        for (const int shift : {4, 0}) text += "0123456789ABCDEF"[static_cast<unsigned char>(bytes[i]) >> shift & 15];
    }
    return text;
}

Json json(const ImageReport& image) {
    Json directories = Json::array();
    for (const CodeDirectoryReport& directory : image.codedirectories) directories.push_back(json(directory));
    Json out = {{"arch", image.arch},
                {"offset", image.offset},
                {"status", name(image.status)},
                {"codedirectories", std::move(directories)}};
    if (image.uuid) out["uuid"] = {{"before", uuid(image.uuid->before)}, {"after", uuid(image.uuid->after)}};
    return out;
}

}  // namespace

Json entry_json(const EntryReport& entry, bool positions) {
    Json images = Json::array();
    for (const ImageReport& image : entry.images) images.push_back(json(image));
    Json out = {{"path", byte_string(entry.path)},
                {"substitutions", entry.substitutions},
                {"status", name(entry.status)},
                {"images", std::move(images)}};
    if (positions) out["positions"] = entry.positions;
    return out;
}

Json finding_json(const Finding& finding) {
    return {{"severity", name(finding.severity)},
            {"entry", byte_string(finding.entry)},
            {"offset", finding.offset},
            {"code", name(finding.code)},
            {"what", byte_string(finding.what)}};
}

namespace {

Json rules_json(const Report& report, const Rules& rules) {
    Json out = Json::array();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        std::uint64_t hits = i < report.hits.size() ? report.hits[i] : 0;
        out.push_back({{"from", byte_string(rules[i].from)}, {"to", byte_string(rules[i].to)}, {"hits", hits}});
    }
    return out;
}

}  // namespace

Json report_json(const Report& report, const Rules& rules, const std::optional<std::string>& sha256, bool positions) {
    Json entries = Json::array();
    for (const EntryReport& entry : report.entries) entries.push_back(entry_json(entry, positions));
    Json findings = Json::array();
    for (const Finding& finding : report.findings) findings.push_back(finding_json(finding));
    return {{"version", 1},
            {"format", name_of(report.format)},
            {"bytes_in", report.bytes_in},
            {"bytes_out", report.bytes_out},
            {"sha256", sha256 ? Json(*sha256) : Json()},
            {"rules", rules_json(report, rules)},
            {"entries", std::move(entries)},
            {"findings", std::move(findings)}};
}

}  // namespace reseal::cli
