// SPDX-License-Identifier: BSL-1.0
#pragma once
// What is looked into for a program: any file, or a stream, which may be endless.
#include <memory>
#include <reseal/source.hpp>
#include <string>

namespace reseal::cli {

/// `path` as for fs::InputFile. Of a stream that does not begin as a Mach-O file no more is kept than its beginning, which says
/// what it is; one that does is refused when it goes on far behind its end: Error (ErrorCode::malformed).
std::unique_ptr<Source> open_program(const std::string& path);

}  // namespace reseal::cli
