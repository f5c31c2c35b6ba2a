// SPDX-License-Identifier: BSL-1.0
#pragma once
// CMS made by libcrypto itself, with keys and certificates of the moment. Included only where libcrypto is there.
#include <cstdint>
#include <string>
#include <vector>

namespace support {

struct SignedDataSpec {
    std::string contents;              ///< what the message digest is of
    bool attached = false;             ///< the contents are in it, as in a provisioning profile
    std::string cdhashes_plist;        ///< attribute 1.2.840.113635.100.9.1; empty: none
    std::vector<std::string> digests;  ///< SHA-256, attribute 1.2.840.113635.100.9.2
    bool certificates = true;
    bool two_signers = false;
    bool timestamp = false;          ///< a token that says 2021-06-02 12:00:00
    bool foreign_timestamp = false;  ///< the same, for another signature
};

/// DER. The signer is "Signer of Tests", unit TEAM123456, issued by "Authority of Tests", for 2020-01-01 to 2030-01-01; signed
/// at 2021-06-01 12:00:00.
std::string signed_data(const SignedDataSpec& spec);

/// The signer's certificate, as DER: the same for the life of the process.
std::string signer_certificate();

}  // namespace support
