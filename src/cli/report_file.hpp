// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where --report says, for commands that write their report once, at the end.
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace reseal::cli {

/// Writes it as a whole, or leaves `file` as it was. Throws Error (ErrorCode::io).
void write_report(const nlohmann::ordered_json& report, const std::string& file);

}  // namespace reseal::cli
