// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a person should know about the prefixes of a binary file: why it is refused, and what may break although it is not.
#include <reseal/finding.hpp>
#include <reseal/prefixes.hpp>
#include <string>
#include <vector>

#include "relocate/field_decider.hpp"

namespace reseal::relocate {

/// Errors first; at most one finding for each kind and pair, of the first such prefix, saying how many there are. `name` is the
/// file's.
std::vector<Finding> field_findings(const FieldDecider& decider, const Prefixes& prefixes, const std::string& name);

}  // namespace reseal::relocate
