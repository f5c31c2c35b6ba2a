// SPDX-License-Identifier: BSL-1.0
#include "support/blobs.hpp"

#include "support/octets.hpp"

namespace support {

std::string blob(std::uint32_t magic, const std::string& contents) {
    return be32(magic) + be32(8 + contents.size()) + contents;
}

BlobSpec no_requirements() { return {slot_requirements, blob(0xfade0c01, be32(0))}; }

BlobSpec requirements(const std::string& text) {
    const std::string designated = blob(0xfade0c00, be32(1) + text);
    return {slot_requirements, blob(0xfade0c01, be32(1) + be32(3) + be32(20) + designated)};
}

BlobSpec entitlements(const std::string& text) { return {slot_entitlements, blob(0xfade7171, text)}; }
BlobSpec der_entitlements(const std::string& text) { return {slot_der_entitlements, blob(0xfade7172, text)}; }
BlobSpec constraint(std::uint32_t slot, const std::string& text) { return {slot, blob(0xfade8181, text)}; }

BlobSpec empty_cms() { return {slot_cms, blob(0xfade0b01, "")}; }
BlobSpec bound_cms(const std::string& filler) { return {slot_cms, blob(0xfade0b01, filler), 0, true}; }
BlobSpec unbound_cms(const std::string& filler) { return {slot_cms, blob(0xfade0b01, filler)}; }

}  // namespace support
