// SPDX-License-Identifier: BSL-1.0
#include "container/plain.hpp"

#include <utility>

namespace reseal::container {

bool Plain::next(Run& run) {
    if (chunk_.empty() && !ended_) return false;
    run = {RunKind::contents, std::exchange(chunk_, {}), !std::exchange(begun_, true), std::exchange(ended_, false)};
    return true;
}

}  // namespace reseal::container
