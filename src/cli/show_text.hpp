// SPDX-License-Identifier: BSL-1.0
#pragma once
// What `show` prints for a person.
#include <string>

#include "cli/shown_image.hpp"
#include "cli/terminal.hpp"

namespace reseal::cli {

/// Lines, each with its newline. Nothing that comes out of the file reaches the terminal unless it is printable. `slots`: the
/// hash of every page as well.
std::string show_text(const std::string& path, const ShownImage& image, bool slots, const Terminal& terminal);

}  // namespace reseal::cli
