// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a rule set must fulfil before it is compiled.
#include <reseal/rules.hpp>
#include <string>
#include <vector>

namespace reseal::match {

/// What is wrong with one rule on its own; empty when nothing is.
std::string fault(const Rule& rule);

/// Throws Error (ErrorCode::rules) as Rules says of each rule and of two, naming them by their number, from 1. How many there
/// may be is Rules' own business.
void check(const std::vector<Rule>& rules);

}  // namespace reseal::match
