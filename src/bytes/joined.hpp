// SPDX-License-Identifier: BSL-1.0
#pragma once
// Lists in sentences.
#include <string>
#include <vector>

namespace reseal {

/// "a, b, c"
inline std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
    return out;
}

}  // namespace reseal
