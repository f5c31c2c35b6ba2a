// SPDX-License-Identifier: BSL-1.0
#pragma once
// The committed programs: tests name them as they stand in testdata/.
#include <string>

namespace reseal::support {

/// The bytes of testdata/`path`; throws std::runtime_error when there is no such file.
std::string testdata(const std::string& path);

}  // namespace reseal::support
