// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

namespace reseal::bytes {

/// Whether no other byte is among them.
inline bool zeros(std::string_view all) { return all.find_first_not_of('\0') == std::string_view::npos; }

}  // namespace reseal::bytes
