// SPDX-License-Identifier: BSL-1.0
#pragma once
// The report as JSON: docs/report.schema.json in code.
#include <nlohmann/json.hpp>
#include <optional>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <string>

namespace reseal::cli {

/// `sha256`: of a complete output, in hex; none: there is no complete output.
nlohmann::ordered_json report_json(const Report& report, const Rules& rules, const std::optional<std::string>& sha256,
                                   bool positions);

// Parts of it that other reports have too.
nlohmann::ordered_json entry_json(const EntryReport& entry, bool positions);
nlohmann::ordered_json finding_json(const Finding& finding);

}  // namespace reseal::cli
