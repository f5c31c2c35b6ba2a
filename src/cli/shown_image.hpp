// SPDX-License-Identifier: BSL-1.0
#pragma once
// All that `show` knows of one image.
#include <reseal/page_map.hpp>
#include <reseal/signature.hpp>
#include <reseal/verify.hpp>
#include <string>

namespace reseal::cli {

struct ShownImage {
    ImageView view;
    ImageVerdict verdict;
    ImagePageMap map;
};

}  // namespace reseal::cli
