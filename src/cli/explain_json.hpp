// SPDX-License-Identifier: BSL-1.0
#pragma once
// explain's JSON: docs/explain.schema.json in code, one object a file.
#include <nlohmann/json.hpp>
#include <reseal/explain.hpp>
#include <string>

namespace reseal::cli {

nlohmann::ordered_json cause_json(const Cause& cause);
nlohmann::ordered_json explain_json(const std::string& path, const Explanation& explanation);

}  // namespace reseal::cli
