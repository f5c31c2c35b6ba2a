// SPDX-License-Identifier: BSL-1.0
#pragma once
// JSON that somebody else wrote, as a value: with limits, because a document is built in memory and walked by functions that
// call themselves.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::package {

/// Keeps the order of keys.
using Json = nlohmann::ordered_json;

inline constexpr std::size_t max_json_text = std::size_t{64} << 20;
inline constexpr std::size_t max_json_values = std::size_t{8} << 20;  ///< each takes 16 bytes or more, and may be two of text
inline constexpr std::size_t max_json_depth = 64;
inline constexpr std::size_t max_json_keys = 512;  ///< of one object; looking for one goes through all

/// Throws Error (ErrorCode::malformed, entry `file`) with line and column where the text is not JSON, is larger or deeper than
/// above, has too many keys in one object or one of them twice.
Json parse_json(std::string_view text, const std::string& file);

/// The value of an object's key; null where there is none, or no object.
const Json* member(const Json& object, const std::string& key);
/// The elements of a list; null where it is none.
inline const std::vector<Json>* elements(const Json& list) { return list.get_ptr<const Json::array_t*>(); }

/// As conda writes it: sorted keys, indented by two, ASCII. Throws Error (ErrorCode::malformed, entry `file`) where a string is
/// not UTF-8, which JSON cannot say.
std::string json_text(const Json& json, const std::string& file);

}  // namespace reseal::package
