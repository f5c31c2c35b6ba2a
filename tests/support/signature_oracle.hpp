// SPDX-License-Identifier: BSL-1.0
#pragma once
// The half of the oracle that looks into the signature of one image.
#include <cstdint>
#include <optional>
#include <string_view>

#include "support/oracle.hpp"

namespace support {

/// What the load commands said.
struct ImageFacts {
    std::string_view bytes;  ///< the whole image
    std::optional<std::string_view> info_plist;
    std::uint64_t signature_at = 0;
    std::string_view signature;  ///< what LC_CODE_SIGNATURE spans
    bool page16_allowed = true;
};

/// Adds what is found to `out`; throws std::out_of_range where bytes are missing.
void check_signature(const ImageFacts& facts, CheckedImage& out);

}  // namespace support
