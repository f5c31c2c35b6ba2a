// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a registration did, as JSON: docs/register.schema.json in code.
#include <nlohmann/json.hpp>
#include <reseal/registration.hpp>
#include <string>

namespace reseal::cli {

nlohmann::ordered_json registration_json(const store::Registration& done, const std::string& store_dir, double seconds);

}  // namespace reseal::cli
