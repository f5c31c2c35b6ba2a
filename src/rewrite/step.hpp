// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

namespace reseal::rewrite {

/// What a stage did with a piece: how many of its bytes it took, and which bytes may go out now. The output may lag behind (a
/// signature waits until it is whole) but keeps the order of the input. The view holds until the stage is asked again.
struct Step {
    std::size_t taken = 0;
    std::string_view out;
};

}  // namespace reseal::rewrite
