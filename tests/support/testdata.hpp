// SPDX-License-Identifier: BSL-1.0
#pragma once
// The committed programs: tests name them as they stand in testdata/.
#include <string>
#include <vector>

namespace support {

/// The bytes of testdata/`path`; throws std::runtime_error when there is no such file.
std::string testdata(const std::string& path);
/// Paths of the files below testdata/`folder`, ascending, to hand to testdata(); throws like it.
std::vector<std::string> testdata_files(const std::string& folder);

}  // namespace support
