// SPDX-License-Identifier: BSL-1.0
#pragma once
// Substitution in a string that is there from its first byte to its last, such as a link's target: no chunks, no carry-over.
#include <cstddef>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "match/repeats.hpp"

namespace reseal::match {

struct Edit {
    std::size_t offset;  ///< from the first byte that was looked at
    std::size_t rule;
};

/// Replaces in text[from, from + size) alone. The edits ascend. `seen`: of the rules' index; what it holds is forgotten.
std::vector<Edit> substitute(const Rules& rules, std::string& text, std::size_t from, std::size_t size, Repeats::Seen& seen);

}  // namespace reseal::match
