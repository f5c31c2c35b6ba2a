// SPDX-License-Identifier: BSL-1.0
#include "bytes/byte_string.hpp"
#include "cli/moved_file_json.hpp"
#include "cli/report_json.hpp"
#include "cli/tree_run.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

Json files_json(const TreeRun& run) {
    Json out = Json::array();
    for (std::size_t i = 0; i < run.plan.changed.size(); ++i) {
        const relocate::PlannedFile& file = run.plan.changed[i];
        const bool done = i < run.done.files.size() && run.done.files[i];
        FileRelocation result = done ? *run.done.files[i] : file.plan.result;
        result.fields = file.plan.result.fields;
        out.push_back(moved_file_json(file.entry.path, file.names, result, done));
    }
    return out;
}

Json links_json(const TreeRun& run) {
    Json out = Json::array();
    for (std::size_t i = 0; i < run.plan.links.size(); ++i) {
        const relocate::PlannedLink& link = run.plan.links[i];
        out.push_back(moved_link_json(link.entry.path, link.before, link.after, i < run.done.links_done));
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
