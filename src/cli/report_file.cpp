// SPDX-License-Identifier: BSL-1.0
#include "cli/report_file.hpp"

#include <nlohmann/json.hpp>

#include "fs/output_file.hpp"

namespace reseal::cli {

void write_report(const nlohmann::ordered_json& report, const std::string& file) {
    fs::OutputFile out(file);
    out.write(report.dump() + "\n");
    out.commit();
}

}  // namespace reseal::cli
