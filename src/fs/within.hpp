// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

namespace reseal::fs {

/// Whether the folder `folder` is `tree`, or lies below it at any depth, by whatever path. False for a `tree` that is no folder
/// itself, and where nobody may look.
bool within(const std::string& folder, const std::string& tree);

}  // namespace reseal::fs
