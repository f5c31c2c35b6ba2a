// SPDX-License-Identifier: BSL-1.0
#include "package/unpack.hpp"

#include "package/unpacking.hpp"

namespace reseal::package {
Unpacked unpack(const std::vector<std::string>& archives, const UnpackSettings& settings) {
    Unpacking unpacking(settings);
    for (const std::string& each : archives) unpacking.add(each);
    return unpacking.finish();
}

}  // namespace reseal::package
