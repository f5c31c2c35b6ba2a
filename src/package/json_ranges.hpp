// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where values stand in a JSON text, so that some can be replaced and all else stays as somebody wrote it, byte for byte.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::package {

struct JsonRange {
    std::size_t begin = 0, end = 0;
};
struct JsonMember {
    std::string key;
    JsonRange value;
};

// Of a text that parse_json() has accepted.

JsonRange json_document(std::string_view text);
/// None where the value is no object.
std::vector<JsonMember> json_members(std::string_view text, JsonRange object);
/// None where the value is no list.
std::vector<JsonRange> json_elements(std::string_view text, JsonRange list);

/// Null where there is no such key.
const JsonRange* value_of(const std::vector<JsonMember>& members, std::string_view key);

}  // namespace reseal::package
