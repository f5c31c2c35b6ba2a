// SPDX-License-Identifier: BSL-1.0
#pragma once
// The CMS blob of a signature: who signed when, and which CodeDirectories. Read by libcrypto. Whether a certificate deserves
// trust is not asked: that takes Apple's roots and what was revoked since.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/hash_type.hpp>

#include "diagnose/certificate.hpp"
#include "macho/signature.hpp"

namespace reseal::diagnose {

constexpr std::size_t max_cms_size = std::size_t{4} << 20;  // bytes
constexpr std::size_t max_cms_certificates = 64;
constexpr std::size_t max_cms_digests = 64;

struct CmsDigest {
    HashType hash;
    std::string bytes;  ///< whole
};

struct Cms {
    std::vector<Certificate> certificates;     ///< the signer's, whoever issued it, and so on; then the others
    bool has_signer = false;                   ///< the first certificate is the signer's
    std::optional<std::int64_t> signing_time;  ///< as the signer says; seconds since 1970
    std::optional<std::int64_t> timestamp;     ///< as a time stamping authority says of this signature (its own is not checked)
    std::optional<CmsDigest> message_digest;   ///< of what was signed: the primary CodeDirectory
    std::vector<std::string> cdhashes;         ///< of every CodeDirectory, 20 bytes each (attribute 1.2.840.113635.100.9.1)
    std::vector<CmsDigest> digests;            ///< the same, whole (attribute 1.2.840.113635.100.9.2)
    bool attributes_hold = false;              ///< the signer's key signed the attributes above

    /// The signer's; null: the certificate is not there.
    const Certificate* signer() const { return has_signer ? &certificates.front() : nullptr; }
    /// Its organisational unit; empty: none.
    std::string team() const { return has_signer ? certificates.front().unit : std::string(); }
};

enum class Reading {
    absent,       ///< nothing is there to be read: an ad-hoc signature
    unavailable,  ///< this build has no library for it
    malformed,
    read,
};

struct CmsReading {
    Reading state = Reading::absent;
    Cms cms;            ///< where it was read
    std::string fault;  ///< where it was malformed
};

/// `blob`: the one in slot 0x10000, header included.
CmsReading read_cms(std::string_view blob);
/// The same of the DER (or BER) alone; never absent.
CmsReading read_cms_contents(std::string_view bytes);

/// What of a signature a CMS blob vouches for.
struct CmsBinding {
    bool primary = false;                 ///< the message digest is that of the primary CodeDirectory
    std::vector<std::uint32_t> unlisted;  ///< slots of CodeDirectories whose hash no signed attribute has, where one lists them
    bool unknown = false;                 ///< this build cannot compute the hash
};

/// `signature`: the bytes that `parsed` was parsed from.
CmsBinding bind(const Cms& cms, const macho::Signature& parsed, std::string_view signature);

}  // namespace reseal::diagnose
