// SPDX-License-Identifier: BSL-1.0
#include "diagnose/signed_contents.hpp"

#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include "diagnose/openssl.hpp"

namespace reseal::diagnose {

SignedContents signed_contents(std::string_view cms) {
    const ErrorQueue errors;
    const OwnedCms parsed = parse_signed_data(cms);
    ASN1_OCTET_STRING** contents = parsed ? CMS_get0_content(parsed.get()) : nullptr;
    if (!contents || !*contents) return {};
    SignedContents found{std::string(view(*contents)), false};
    found.intact = CMS_verify(parsed.get(), nullptr, nullptr, nullptr, nullptr, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
    return found;
}

}  // namespace reseal::diagnose

#else

namespace reseal::diagnose {

SignedContents signed_contents(std::string_view) { return {}; }

}  // namespace reseal::diagnose

#endif
