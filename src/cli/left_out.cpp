// SPDX-License-Identifier: BSL-1.0
#include "cli/left_out.hpp"

#include <algorithm>

namespace reseal::cli {

bool left_out(const std::string& name, const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& each) { return each.ends_with('/') ? name.starts_with(each) : name == each; });
}

}  // namespace reseal::cli
