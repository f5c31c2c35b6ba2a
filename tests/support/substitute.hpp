// SPDX-License-Identifier: BSL-1.0
#pragma once
// What substituting means, written as plainly as can be: the oracle for everything that is faster.
#include <cstddef>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

struct Substituted {
    std::string bytes;
    std::vector<std::pair<std::size_t, std::size_t>> edits;  ///< offset and number of the rule
    bool operator==(const Substituted&) const = default;
};

/// At every place not yet covered, the longest rule that stands there.
Substituted substitute(const std::vector<reseal::Rule>& rules, std::string_view input);

}  // namespace support
