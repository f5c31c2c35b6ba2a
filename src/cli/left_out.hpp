// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <vector>

namespace reseal::cli {

/// Whether `name`, below a folder, is one of `names`; one of these that ends in a slash stands for all below.
bool left_out(const std::string& name, const std::vector<std::string>& names);

}  // namespace reseal::cli
