// SPDX-License-Identifier: BSL-1.0
#pragma once
// One file that moves, as the reports of all commands that move prefixes have it.
#include <nlohmann/json.hpp>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

namespace reseal::cli {

/// docs/relocation-report.schema.json, `file`. `names`: its other ones.
nlohmann::ordered_json moved_file_json(const std::string& path, const std::vector<std::string>& names,
                                       const FileRelocation& result, bool done);
/// `link`.
nlohmann::ordered_json moved_link_json(const std::string& path, const std::string& before, const std::string& after, bool done);

}  // namespace reseal::cli
