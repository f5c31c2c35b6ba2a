// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a property list would come to, found out without building any of it.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace reseal::bundle {

struct PlistOutline {
    std::size_t values = 0;  ///< keys are none
    std::size_t keys = 0;
};

struct PlistFault {
    std::uint64_t offset;
    std::string what;
};

using OutlinedPlist = std::variant<PlistOutline, PlistFault>;

/// Whoever reads what comes out without a fault has nothing to fear of its depth and size (plist.hpp). Stricter than readers
/// are: every element closed, each of a kind that property lists have, keys and values in turn.
OutlinedPlist outline_xml(std::string_view bytes);
OutlinedPlist outline_binary(std::string_view bytes);

constexpr std::string_view binary_plist_magic = "bplist00";

}  // namespace reseal::bundle
