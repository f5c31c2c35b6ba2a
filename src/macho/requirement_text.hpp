// SPDX-License-Identifier: BSL-1.0
#pragma once
// Code requirements as the text that codesign and csreq print and take: what a signature asks of the code that it is, or of who
// calls it. Stored as expressions in prefix notation, big-endian (Apple's Security, requirement.h).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "macho/defect.hpp"

namespace reseal::macho {

constexpr std::size_t max_requirements_size = std::size_t{1} << 20;  // bytes of a blob
constexpr std::size_t max_requirements = 64;                         // of a set
constexpr std::size_t max_requirement_depth = 1000;                  // expressions within expressions; Apple's limit as well

/// One requirement (magic 0xfade0c00), header included: `identifier "x" and anchor apple generic`. Characters that a terminal
/// would take for something else come out as hexadecimal digits, as all bytes do that are no ASCII.
Parsed<std::string> requirement_text(std::string_view blob);

struct Requirement {
    std::uint32_t type = 0;  ///< 1 host, 2 guest, 3 designated, 4 library, 5 plugin
    std::string text;

    /// `designated => …`, as codesign -d -r- prints it.
    std::string line() const;
};

constexpr std::uint32_t requirement_designated = 3;

/// A set of requirements (magic 0xfade0c01), header included, in its order; that of an ad-hoc signature is empty.
Parsed<std::vector<Requirement>> requirements_of(std::string_view blob);

}  // namespace reseal::macho
