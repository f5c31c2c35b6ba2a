// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the programs of a bundle that have been read say of its seals.
#include "bundle/plan.hpp"

namespace reseal::bundle {

/// Adds to the findings of a plan whose code has been read.
void judge(Plan& plan);

}  // namespace reseal::bundle
