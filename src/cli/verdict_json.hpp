// SPDX-License-Identifier: BSL-1.0
#pragma once
// verify's JSON: docs/verify.schema.json in code, one object an image.
#include <nlohmann/json.hpp>
#include <reseal/verify.hpp>
#include <string>

#include "cli/examined.hpp"

namespace reseal::cli {

nlohmann::ordered_json verdict_json(const Examined& file, const ImageVerdict& image);
/// A named file that is not Mach-O: the same keys, `arch` null.
nlohmann::ordered_json not_macho_json(const Examined& file);

}  // namespace reseal::cli
