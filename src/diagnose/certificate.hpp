// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a certificate says of whom it was given to.
#include <cstdint>
#include <string>

namespace reseal::diagnose {

struct Certificate {
    std::string common_name;  ///< "Developer ID Application: Example (ABCDE12345)"
    std::string organization;
    std::string unit;                            ///< organisational unit: in a developer's certificate the team identifier
    std::string issuer;                          ///< common name
    std::int64_t not_before = 0, not_after = 0;  ///< seconds since 1970
    std::string digest;                          ///< SHA-256 of the whole, in hex
    bool operator==(const Certificate&) const = default;
};

}  // namespace reseal::diagnose
