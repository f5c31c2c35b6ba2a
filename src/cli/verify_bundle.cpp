// SPDX-License-Identifier: BSL-1.0
#include "cli/verify_bundle.hpp"

#include <algorithm>

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t most_findings_told = 100;

std::string bundle_line(const std::string& path, std::string_view status, const std::string& detail) {
    return printable(path).append("  bundle  ").append(status).append("  ").append(detail).append("\n");
}

std::string place_of(const std::string& path, const BundleFinding& finding) {
    return finding.path.empty() ? path : path + "/" + finding.path;
}

std::string_view who_objects(reseal::Layer layer) {
    switch (layer) {
        case reseal::Layer::kernel: return "the kernel objects";
        case reseal::Layer::codesign: return "codesign objects";
        case reseal::Layer::strict: return "strict mode objects";
    }
    return "";
}

std::string words_of(const BundleFinding& finding) {
    if (finding.severity == Severity::note) return std::string("note: ").append(printable(finding.what));
    return printable(finding.what).append(" | ").append(who_objects(finding.layer));
}

std::string sums(const BundleVerdict& verdict) {
    const auto notes =
        static_cast<std::uint64_t>(std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                                 [](const BundleFinding& each) { return each.severity == Severity::note; }));
    const std::uint64_t errors = verdict.findings.size() - notes;
    std::string sum = counted(verdict.files, "file") + ", " + counted(verdict.code.size(), "program");
    if (errors > 0) sum += "; " + counted(errors, "error");
    if (notes > 0) sum += "; " + counted(notes, "note");
    return sum;
}

}  // namespace

std::string_view bundle_status(const BundleVerdict& verdict) {
    if (verdict.bad) return "bad";
    return verdict.sealed ? "valid" : "unsealed";
}

std::string bundle_text(const std::string& path, const BundleVerdict& verdict) {
    std::string text = bundle_line(path, bundle_status(verdict), sums(verdict));
    const std::size_t told = std::min(verdict.findings.size(), most_findings_told);
    // Where not all are told, the errors are.
    std::vector<const BundleFinding*> chosen;
    for (const Severity severity : {Severity::error, Severity::note})
        for (const BundleFinding& each : verdict.findings)
            if (each.severity == severity && chosen.size() < told) chosen.push_back(&each);
    for (const BundleFinding* each : chosen) text += bundle_line(place_of(path, *each), name(each->code), words_of(*each));
    if (told < verdict.findings.size())
        text += bundle_line(path, "…", "and " + std::to_string(verdict.findings.size() - told) + " more");
    return text;
}

nlohmann::ordered_json bundle_json(const std::string& path, const BundleVerdict& verdict) {
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const BundleFinding& each : verdict.findings)
        findings.push_back({{"severity", name(each.severity)},
                            {"code", name(each.code)},
                            {"layer", name(each.layer)},
                            {"path", byte_string(each.path)},
                            {"what", byte_string(each.what)}});
    const std::optional<reseal::Layer> layer = verdict.layer();
    nlohmann::ordered_json line;
    line["bundle"] = byte_string(path);
    line["identifier"] = byte_string(verdict.place.identifier);
    line["status"] = bundle_status(verdict);
    line["layer"] = layer ? nlohmann::ordered_json(name(*layer)) : nlohmann::ordered_json();
    line["files"] = verdict.files;
    line["programs"] = verdict.code.size();
    line["findings"] = std::move(findings);
    return line;
}

}  // namespace reseal::cli
