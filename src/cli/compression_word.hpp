// SPDX-License-Identifier: BSL-1.0
#pragma once
// What --compress takes: a format, perhaps with a level, or "same".
#include <optional>
#include <string>

#include "codec/compression.hpp"

namespace reseal::cli {

/// Nothing for "same". Throws UsageError naming the formats, or the levels of the one that is asked for.
std::optional<codec::Choice> parse_compression(const std::string& word);

}  // namespace reseal::cli
