// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a line of a log names by itself, whether or not the file is at hand.
#include <optional>
#include <reseal/explain.hpp>
#include <reseal/log.hpp>
#include <string_view>

namespace reseal::cli {

/// Nothing: the line says that a page or a signature is wrong, but not why.
std::optional<CauseCode> logged_cause(const LogEvent& event);

/// That cause in a person's words, for lines that are not in such; empty: the line's own sentence says it.
std::string_view logged_cause_words(const LogEvent& event);

}  // namespace reseal::cli
