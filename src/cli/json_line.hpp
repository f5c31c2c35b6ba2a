// SPDX-License-Identifier: BSL-1.0
#pragma once
// JSON as the command prints it, which may be read by a person on a terminal.
#include <nlohmann/json.hpp>
#include <string>

namespace reseal::cli {

/// With its newline; in ASCII, so that a name in it can neither speak to the terminal nor turn the direction of the text.
inline std::string json_line(const nlohmann::ordered_json& json) {
    constexpr int one_line = -1;
    return json.dump(one_line, ' ', true) + "\n";
}

}  // namespace reseal::cli
