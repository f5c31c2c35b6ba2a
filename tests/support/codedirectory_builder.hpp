// SPDX-License-Identifier: BSL-1.0
#pragma once
// The part of the image builder that makes one CodeDirectory.
#include <map>
#include <string>
#include <string_view>

#include "support/image_builder.hpp"

namespace support {

/// The CodeDirectory of `code` (everything before the signature); `sealed` maps k to what special slot −k seals. The
/// offsets in `at` count from its own first byte.
std::string codedirectory(const DirectorySpec& spec, std::string_view code, std::map<int, std::string> sealed,
                          BuiltDirectory& at);

}  // namespace support
