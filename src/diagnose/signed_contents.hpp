// SPDX-License-Identifier: BSL-1.0
#pragma once
// What CMS carries within itself.
#include <string>
#include <string_view>

namespace reseal::diagnose {

struct SignedContents {
    std::string bytes;    ///< empty: none, or detached
    bool intact = false;  ///< the signer's key signed them; whose key that is is not asked
};

/// `cms`: DER or BER. Without libcrypto, or where it is none, nothing.
SignedContents signed_contents(std::string_view cms);

}  // namespace reseal::diagnose
