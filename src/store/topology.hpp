// SPDX-License-Identifier: BSL-1.0
#pragma once
// In which order things come that need each other.
#include <cstddef>
#include <vector>

namespace reseal::store {

/// needs[i]: what must come before i.
using Needs = std::vector<std::vector<std::size_t>>;

struct Topology {
    std::vector<std::size_t> order;  ///< each after all that it needs; what needs nothing of each other as it was given
    std::vector<std::size_t> cycle;  ///< things that need each other in a circle, each the next; `order` is of no use then
};
Topology sort_topologically(const Needs& needs);

}  // namespace reseal::store
