// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the command says on standard error: one line each, `reseal: …`.
#include <reseal/finding.hpp>
#include <string>
#include <string_view>

namespace reseal::cli {

/// `reseal: <text>`. A standard error that cannot be written is nobody's to tell.
void message(std::string_view text);

/// `<entry>: <what> (offset N)`; a note begins with `note: `.
std::string sentence(const Finding& finding);

/// "1 image", "2 images".
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace reseal::cli
