// SPDX-License-Identifier: BSL-1.0
#pragma once
// What new hashes an image got, for a person.
#include <reseal/report.hpp>
#include <string>

namespace reseal::cli {

/// "fixed  page 17; special slot -5; sha256/4096 | page 17; sha1/4096"
std::string fixed_text(const ImageReport& image);

}  // namespace reseal::cli
