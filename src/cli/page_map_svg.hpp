// SPDX-License-Identifier: BSL-1.0
#pragma once
// A page map as a picture.
#include <reseal/page_map.hpp>
#include <string>

namespace reseal::cli {

/// A whole SVG document that refers to nothing outside of it, for light and dark screens. `title`, labels and paths may be any
/// bytes. Of many images the first ones are drawn, and it says so.
std::string page_map_svg(const std::string& title, const PageMap& map);

}  // namespace reseal::cli
