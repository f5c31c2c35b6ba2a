// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an unpacking came to, for people and for programs.
#include <nlohmann/json.hpp>

#include "cli/relocate_options.hpp"
#include "package/unpack.hpp"

namespace reseal::cli {

/// Findings and a summary on standard error; quietly, only why something was refused.
void say_unpacked(const package::Unpacked& done, const RelocateOptions& options);

/// docs/relocation-report.schema.json in code. `leftovers`: as the search for them has it; null when nobody asked.
nlohmann::ordered_json unpack_report(const package::Unpacked& done, const RelocateOptions& options,
                                     nlohmann::ordered_json leftovers);

}  // namespace reseal::cli
