// SPDX-License-Identifier: BSL-1.0
#pragma once
// Text out of a file, which may have megabytes of it, for people.
#include <cstddef>
#include <string>
#include <string_view>

namespace reseal::cli {

/// printable(), and of that the first `most` characters, with … behind them where that is not all.
std::string cut_text(std::string_view text, std::size_t most);

}  // namespace reseal::cli
