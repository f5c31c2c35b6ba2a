// SPDX-License-Identifier: BSL-1.0
#include "cli/report_file.hpp"

#include <nlohmann/json.hpp>

namespace reseal::cli {

ReportFile::ReportFile(const std::optional<std::string>& file) {
    if (file) out_.emplace(*file);
}

void ReportFile::write(const nlohmann::ordered_json& report) {
    if (!out_) return;
    out_->write(report.dump() + "\n");
    out_->commit();
}

}  // namespace reseal::cli
