// SPDX-License-Identifier: BSL-1.0
#include "cli/moved_file_json.hpp"

#include "bytes/byte_string.hpp"
#include "bytes/hex.hpp"
#include "cli/report_json.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

Json digest(const std::string& bytes) { return bytes.empty() ? Json() : Json(to_hex(bytes)); }

}  // namespace

Json moved_file_json(const std::string& path, const std::vector<std::string>& names, const FileRelocation& result, bool done) {
    Json others = Json::array();
    for (const std::string& each : names) others.push_back(byte_string(each));
    Json images = entry_json(result.entry, false).at("images");
    return {{"path", byte_string(path)},
            {"names", std::move(others)},
            {"mode", result.mode == FileMode::text ? "text" : "binary"},
            {"done", done},
            {"size_before", result.size_before},
            {"size_after", result.size_after},
            {"sha256_after", done ? digest(result.sha256_after) : Json()},
            {"substitutions", result.fields.size() + (result.shebang_length ? 1U : 0U)},
            {"shebang", result.shebang_length.has_value()},
            {"images", std::move(images)}};
}

Json moved_link_json(const std::string& path, const std::string& before, const std::string& after, bool done) {
    return {{"path", byte_string(path)}, {"done", done}, {"before", byte_string(before)}, {"after", byte_string(after)}};
}

}  // namespace reseal::cli
