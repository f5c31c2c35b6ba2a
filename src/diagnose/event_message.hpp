// SPDX-License-Identifier: BSL-1.0
#pragma once
// The JSON styles of log(1) have an object for each event, one a line or spread over lines. Only its message is asked for,
// which stands in one line either way, so that libreseal needs no JSON.
#include <optional>
#include <string>
#include <string_view>

namespace reseal::diagnose {

/// The text of the field "eventMessage" where `line` has it, whole or cut short.
std::optional<std::string> event_message(std::string_view line);

/// Whether `line` is an object or one of its fields: other fields repeat the message's format.
bool is_json_field(std::string_view line);

}  // namespace reseal::diagnose
