// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <reseal/source.hpp>
#include <string>

namespace reseal::relocate {

/// The 32 bytes of the SHA-256 of all of `file`, whose name is `name`. Throws Error (ErrorCode::io).
std::string sha256_of(const Source& file, const std::string& name);

}  // namespace reseal::relocate
