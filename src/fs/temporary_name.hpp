// SPDX-License-Identifier: BSL-1.0
#pragma once
// What is under construction has a name that nobody expects, in the folder where it will stay.
#include <string>
#include <string_view>

#include "fs/descriptor.hpp"

namespace reseal::fs {

/// `.reseal-<64 random bits>.tmp`
std::string temporary_name();
/// Whether it may have given `name`.
bool is_temporary_name(std::string_view name);

/// The folder at `path`, to name things in it, and to sync it where we may read it. Throws Error (ErrorCode::io) naming
/// `blame`.
Descriptor open_for_names(const std::string& path, const std::string& blame);

}  // namespace reseal::fs
