// SPDX-License-Identifier: BSL-1.0
#pragma once
// A property list's values in a form that people and programs read.
#include <string>

#include "bytes/plist_value.hpp"

namespace reseal::plist {

/// JSON on one line, without control characters and in UTF-8 whatever the strings hold (a byte that is none of it stands as
/// U+FFFD). Data is a string "<0a1b>", a date a string "2021-06-01T12:00:00Z", a number that JSON has not a string as well. As
/// deep as the value, which whoever made it has bounded.
std::string json(const Value& value);

}  // namespace reseal::plist
