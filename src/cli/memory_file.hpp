// SPDX-License-Identifier: BSL-1.0
#pragma once
// package::Memory on a disk.
#include <optional>
#include <string>

#include "package/memory.hpp"

namespace reseal::cli {

/// None when there is no such file. Throws Error.
std::optional<package::Memory> load_memory(const std::string& file);
/// As a whole, on the disk when it returns; makes its folder where it is missing. Throws Error.
void save_memory(const package::Memory& memory, const std::string& file);

}  // namespace reseal::cli
