// SPDX-License-Identifier: BSL-1.0
#pragma once
// show's JSON: docs/show.schema.json in code.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/shown_image.hpp"

namespace reseal::cli {

/// `fault`: of the table of slices. `slots`: the hash of every page as well.
nlohmann::ordered_json show_json(const std::string& path, const std::vector<ShownImage>& images, const std::string& fault,
                                 bool slots);

}  // namespace reseal::cli
