// SPDX-License-Identifier: BSL-1.0
#pragma once
// verify's JSON: docs/verify.schema.json in code, one object an image.
#include <nlohmann/json.hpp>
#include <reseal/verify.hpp>
#include <string>

namespace reseal::cli {

nlohmann::ordered_json verdict_json(const std::string& path, const ImageVerdict& image);
/// A named file that is not Mach-O: the same keys, `arch` null.
nlohmann::ordered_json not_macho_json(const std::string& path);

}  // namespace reseal::cli
