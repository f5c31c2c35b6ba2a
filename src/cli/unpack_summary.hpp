// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an unpacking came to, for a person.
#include "package/unpack.hpp"

namespace reseal::cli {

/// Findings on standard error, then a summary on standard output; `quiet`: only why something was refused.
void tell(const package::Unpacked& done, bool quiet);

}  // namespace reseal::cli
