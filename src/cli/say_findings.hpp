// SPDX-License-Identifier: BSL-1.0
#pragma once
// Findings of many files on standard error.
#include <reseal/finding.hpp>
#include <vector>

namespace reseal::cli {

/// Every error, then what can be done about each kind of them; of each kind of note the first few, and how many more there are.
/// `quiet`: no notes.
void say_findings(const std::vector<Finding>& findings, bool quiet);

}  // namespace reseal::cli
