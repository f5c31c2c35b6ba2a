// SPDX-License-Identifier: BSL-1.0
#include <sodium.h>

#include "bytes/byte_string.hpp"
#include "cli/report_json.hpp"
#include "cli/tree_run.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(const std::string& bytes) {
    std::string out(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    out.pop_back();
    return out;
}

Json digest(const std::string& bytes) { return bytes.empty() ? Json() : Json(hex(bytes)); }

Json file_json(const relocate::PlannedFile& file, const FileRelocation& result, bool done) {
    Json names = Json::array(), images = Json::array();
    for (const std::string& each : file.names) names.push_back(byte_string(each));
    for (const Json& each : entry_json(result.entry, false).at("images")) images.push_back(each);
    return {{"path", byte_string(file.entry.path)},
            {"names", std::move(names)},
            {"mode", result.mode == FileMode::text ? "text" : "binary"},
            {"done", done},
            {"size_before", result.size_before},
            {"size_after", result.size_after},
            {"sha256_after", digest(result.sha256_after)},
            {"substitutions", file.plan.result.fields.size() + (result.shebang_length ? 1U : 0U)},
            {"shebang", result.shebang_length.has_value()},
            {"images", std::move(images)}};
}

Json files_json(const TreeRun& run) {
    Json out = Json::array();
    for (std::size_t i = 0; i < run.plan.changed.size(); ++i) {
        const relocate::PlannedFile& file = run.plan.changed[i];
        const bool done = i < run.done.files.size() && run.done.files[i];
        out.push_back(file_json(file, done ? *run.done.files[i] : file.plan.result, done));
    }
    return out;
}

Json links_json(const TreeRun& run) {
    Json out = Json::array();
    for (std::size_t i = 0; i < run.plan.links.size(); ++i) {
        const relocate::PlannedLink& link = run.plan.links[i];
        out.push_back({{"path", byte_string(link.entry.path)},
                       {"done", i < run.done.links_done},
                       {"before", byte_string(link.before)},
                       {"after", byte_string(link.after)}});
    }
    return out;
}

const char* status_name(const TreeRun& run, bool dry_run) {
    if (run.status == refused) return "refused";
    if (run.status == failed) return "failed";
    return dry_run ? "planned" : "complete";
}

}  // namespace

Json tree_report(const TreeRun& run, const RelocateOptions& options, const std::string& command, Json leftovers) {
    Json refused = Json::array(), findings = Json::array(), failures = Json::array();
    for (const std::string& each : run.plan.refused) refused.push_back(byte_string(each));
    for (const Finding& each : run.plan.findings) findings.push_back(finding_json(each));
    for (const std::string& each : run.failures) failures.push_back(byte_string(each));
    return {{"version", 1},
            {"command", command},
            {"status", status_name(run, options.dry_run)},
            {"files_read", run.plan.files_read},
            {"bytes_read", run.plan.bytes_read},
            {"files_written", run.done.files_done},
            {"bytes_written", run.done.bytes_written},
            {"files", files_json(run)},
            {"links", links_json(run)},
            {"refused", std::move(refused)},
            {"findings", std::move(findings)},
            {"failures", std::move(failures)},
            {"leftovers", std::move(leftovers)}};
}

}  // namespace reseal::cli
