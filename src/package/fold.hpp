// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which names a file system that ignores case may take for one.
#include <string>
#include <string_view>

namespace reseal::package {

/// `name` with every letter small, one character at a time as the C library has them (towlower(3)); bytes that are no UTF-8
/// stay. Full case folding (ß and ss) and normal forms (é as one character or two) are not looked at.
std::string folded(std::string_view name);

}  // namespace reseal::package
