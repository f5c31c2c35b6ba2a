// SPDX-License-Identifier: BSL-1.0
#pragma once
// The blobs of a SuperBlob that are no CodeDirectory, ready to be put into SignatureSpec::blobs.
#include <string>

#include "support/image_spec.hpp"

namespace support {

/// A generic blob: magic, length, contents.
std::string blob(std::uint32_t magic, const std::string& contents);

/// The empty set of requirements, as codesign writes it for ad-hoc signatures.
BlobSpec no_requirements();
/// A set of one designated requirement that holds `text`.
BlobSpec requirements(const std::string& text);
BlobSpec entitlements(const std::string& text);
/// DER entitlements: the field's magic, `text` as the contents (nothing parses them).
BlobSpec der_entitlements(const std::string& text);
/// A launch constraint; slots 8 … 11.
BlobSpec constraint(std::uint32_t slot, const std::string& text);
/// The wrapper of 8 bytes that an ad-hoc signature has.
BlobSpec empty_cms();
/// A CMS blob of `filler` and the digest of the primary CodeDirectory.
BlobSpec bound_cms(const std::string& filler);
/// A CMS blob that holds `filler` only.
BlobSpec unbound_cms(const std::string& filler);

}  // namespace support
