// SPDX-License-Identifier: BSL-1.0
#pragma once
// docs/explain-log.schema.json in code: one object an event.
#include <nlohmann/json.hpp>
#include <reseal/explain.hpp>
#include <vector>

#include "cli/decoded_event.hpp"

namespace reseal::cli {

/// `causes`: what is found in the file, where it is at hand.
nlohmann::ordered_json logged_event_json(const DecodedEvent& decoded, const std::vector<CauseCode>& causes);

}  // namespace reseal::cli
