// SPDX-License-Identifier: BSL-1.0
#pragma once
// What was found, as lines for people and as lines of JSON (docs/refs.schema.json).
#include <string>

#include "cli/candidates.hpp"
#include "cli/refs_scan.hpp"

namespace reseal::cli {

/// Those in the input's own bytes first, a store path a line; with positions a line for each entry it stands in. Then those
/// inside.
std::string refs_text(const RefsScan& scan, const Candidates& candidates, bool positions);
/// A line for each reference, for each within each thing that is compressed, and for each of these that was not read.
std::string refs_json(const RefsScan& scan, const Candidates& candidates, bool positions);

/// "share/info.gz: gzip", "lib/app.jar: zip: META-INF/x".
std::string inside_name(const std::string& path, const std::vector<PackedLayer>& layers);

}  // namespace reseal::cli
