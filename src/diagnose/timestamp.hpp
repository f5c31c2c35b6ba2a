// SPDX-License-Identifier: BSL-1.0
#pragma once
// The token of a time stamping authority (RFC 3161) beside a signature. Included only where libcrypto is there.
#include <openssl/cms.h>

#include <cstdint>
#include <optional>

namespace reseal::diagnose {

/// Seconds since 1970; nothing where there is no token that can be read, or it is for another signature than the signer's. The
/// authority's own signature is not checked.
std::optional<std::int64_t> timestamp(CMS_SignerInfo* signer);

}  // namespace reseal::diagnose
