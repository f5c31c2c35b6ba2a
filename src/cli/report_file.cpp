// SPDX-License-Identifier: BSL-1.0
#include "cli/report_file.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <reseal/error.hpp>

#include "cli/same_file.hpp"
#include "cli/words.hpp"
#include "fs/path_parts.hpp"
#include "fs/within.hpp"

namespace reseal::cli {

void must_not_replace(const std::optional<std::string>& report, const std::string& what, const std::string& file) {
    if (report && same_file({*report, STDOUT_FILENO}, {file, STDIN_FILENO}))
        throw UsageError("--report: the same file as " + what);
}

void must_not_lie_in(const std::optional<std::string>& report, const std::string& what, const std::string& folder) {
    if (report && *report != "-" && fs::within(fs::folder_of(*report), folder))
        throw UsageError("--report: " + *report + " lies in " + what);
}

ReportFile::ReportFile(const std::optional<std::string>& file) {
    if (file) out_.emplace(*file);
}

void ReportFile::write(const nlohmann::ordered_json& report, bool done) {
    if (!out_) return;
    try {
        out_->write(report.dump() + "\n");
        out_->commit();
    } catch (const Error& error) {
        if (!done) throw;
        throw Error(ErrorCode::io, std::string(error.what()) + "; only the report is missing, all else is done");
    }
}

}  // namespace reseal::cli
