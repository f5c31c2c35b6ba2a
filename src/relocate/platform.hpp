// SPDX-License-Identifier: BSL-1.0
#pragma once
// For whose kernel a package is: that decides how long a `#!` line may be, wherever it is unpacked.
#include <cstddef>
#include <optional>
#include <reseal/relocation.hpp>
#include <string_view>

namespace reseal::relocate {

/// Bytes of a `#!` line, without the line's end.
std::size_t shebang_limit(Platform platform);

/// Of a conda subdir: linux-64, osx-arm64, …; none for noarch and for what is neither.
std::optional<Platform> platform_of_subdir(std::string_view subdir);
/// Of a program or library that begins with `head` (8 bytes are enough); none for anything else.
std::optional<Platform> platform_of_magic(std::string_view head);
Platform host_platform();

}  // namespace reseal::relocate
