// SPDX-License-Identifier: BSL-1.0
#include "cli/unpack_report.hpp"

#include <algorithm>

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"
#include "cli/moved_file_json.hpp"
#include "cli/report_json.hpp"
#include "cli/say_findings.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

std::uint64_t sealed_images(const FileRelocation& file) {
    return static_cast<std::uint64_t>(std::count_if(file.entry.images.begin(), file.entry.images.end(),
                                                    [](const ImageReport& each) { return !each.codedirectories.empty(); }));
}

bool moved(const package::MovedFile& file) { return file.what.changed && !file.what.refused; }

}  // namespace

void say_unpacked(const package::Unpacked& done, const RelocateOptions& options) {
    std::uint64_t files = 0, images = 0, refused = 0;
    std::vector<Finding> findings;
    for (const package::MovedFile& each : done.files) {
        findings.insert(findings.end(), each.what.findings.begin(), each.what.findings.end());
        files += moved(each) ? 1U : 0U;
        images += moved(each) ? sealed_images(each.what) : 0U;
        refused += each.what.refused ? 1U : 0U;
    }
    findings.insert(findings.end(), done.findings.begin(), done.findings.end());
    say_findings(findings, options.quiet);
    for (const Finding& each : done.findings) refused += each.severity == Severity::error ? 1U : 0U;
    if (done.refused) return message("refused for " + counted(refused, "file") + "; nothing was unpacked");
    if (options.quiet) return;
    std::string text = counted(done.counts.files, "file") + " of " + counted(done.counts.bytes, "byte") + " unpacked";
    if (done.files_read_again > 0) text += " (" + std::to_string(done.files_read_again) + " read again)";
    if (done.counts.links > 0) text += ", " + counted(done.counts.links, "link");
    text += "; prefixes replaced in " + counted(files, "file");
    if (!done.links.empty()) text += ", " + counted(done.links.size(), "link") + " moved";
    if (images > 0) text += ", " + counted(images, "image") + " resealed";
    message(options.dry_run ? text + "; nothing was written" : text);
}

Json unpack_report(const package::Unpacked& done, const RelocateOptions& options, Json leftovers) {
    const bool complete = !done.refused && !options.dry_run;
    Json files = Json::array(), links = Json::array(), refused = Json::array(), findings = Json::array();
    std::uint64_t written = 0, bytes = 0;
    for (const package::MovedFile& each : done.files) {
        if (each.what.refused) refused.push_back(byte_string(each.path));
        for (const Finding& finding : each.what.findings) findings.push_back(finding_json(finding));
        if (!moved(each)) continue;
        files.push_back(moved_file_json(each.path, {}, each.what, complete));
        ++written;
        bytes += each.what.size_after;
    }
    for (const package::MovedLink& each : done.links)
        links.push_back(moved_link_json(each.path, each.before, each.after, complete));
    for (const Finding& finding : done.findings) {
        if (finding.severity == Severity::error) refused.push_back(byte_string(finding.entry));
        findings.push_back(finding_json(finding));
    }
    return {{"version", 1},
            {"command", "unpack"},
            {"status", done.refused      ? "refused"
                       : options.dry_run ? "planned"
                                         : "complete"},
            {"files_read", done.counts.files},
            {"bytes_read", done.counts.bytes},
            {"files_read_again", done.files_read_again},
            {"files_written", complete ? written : 0},
            {"bytes_written", complete ? bytes : 0},
            {"files", std::move(files)},
            {"links", std::move(links)},
            {"refused", std::move(refused)},
            {"findings", std::move(findings)},
            {"failures", Json::array()},
            {"leftovers", std::move(leftovers)}};
}

}  // namespace reseal::cli
