// SPDX-License-Identifier: BSL-1.0
#pragma once
// explain's words for a person.
#include <reseal/explain.hpp>
#include <string>

namespace reseal::cli {

/// `path: verdict`, and below it, indented, what it is seen by, the remedy and where it is told; every line with its newline.
/// Nothing in it can break a line or speak to a terminal.
std::string explain_text(const std::string& path, const Cause& cause);
/// Of all causes, one after the other.
std::string explain_text(const std::string& path, const Explanation& explanation);

}  // namespace reseal::cli
