// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>

namespace reseal::macho {

/// The name lipo gives an architecture: arm64, arm64e, x86_64, …; `unknown(CPUTYPE,CPUSUBTYPE)` for those it doesn't know.
std::string arch_name(std::uint32_t cputype, std::uint32_t cpusubtype);

}  // namespace reseal::macho
