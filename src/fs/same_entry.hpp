// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether what is to be put somewhere is there already.
#include <string>

namespace reseal::fs {

/// Whether `name` is the same in two open folders: a file with the same bytes and permissions, or a link to the same target.
/// Nothing else is, nor what cannot be read.
bool same_entry(int one, int other, const std::string& name);

}  // namespace reseal::fs
