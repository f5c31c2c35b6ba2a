// SPDX-License-Identifier: BSL-1.0
#pragma once
// A page map of characters.
#include <reseal/page_map.hpp>
#include <string>

#include "cli/terminal.hpp"

namespace reseal::cli {

/// Lines, each with its newline: a character for each page, or for so many that the map has a few rows of the terminal's
/// width; what the characters mean; the parts of the image with their ranges. Nothing in it but what is printable, and colours
/// where the terminal has them.
std::string page_map_text(const ImagePageMap& image, const Terminal& terminal);

/// How many pages of a part are so.
std::uint64_t pages_in_part(const ImagePageMap& image, const PageMapPart& part, PageState state);

/// "pages 17–20", "page 3": the pages that a range of bytes lies in.
std::string pages_text(std::uint64_t offset, std::uint64_t size, std::uint64_t page_size);

}  // namespace reseal::cli
