// SPDX-License-Identifier: BSL-1.0
#pragma once
// What becomes of a binary file that holds no image, written as plainly as can be: the oracle for the engine.
#include <optional>
#include <reseal/prefixes.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// Nothing where it is refused. In UTF-8 only, without a boundary; the new prefixes are normal paths.
std::optional<std::string> plainly_moved(std::string_view input, const std::vector<reseal::PrefixPair>& pairs,
                                         const reseal::PrefixOptions& options);

}  // namespace support
