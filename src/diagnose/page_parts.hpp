// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which named parts an image has, for its page map.
#include <reseal/page_map.hpp>
#include <vector>

#include "diagnose/placed_image.hpp"

namespace reseal::diagnose {

/// Header, sections, segments without any, signature: by offset, within the image.
std::vector<PageMapPart> page_parts(const PlacedImage& image);

}  // namespace reseal::diagnose
