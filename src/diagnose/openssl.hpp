// SPDX-License-Identifier: BSL-1.0
#pragma once
// OpenSSL's objects as owners, and the few of its values that we take as our own. Included only where libcrypto is there.
#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <reseal/hash_type.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/certificate.hpp"

namespace reseal::diagnose {

template <auto function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        function(object);
    }
};
using OwnedCms = std::unique_ptr<CMS_ContentInfo, Free<CMS_ContentInfo_free>>;
using OwnedCertificate = std::unique_ptr<X509, Free<X509_free>>;

/// Leaves the queue of errors as it was: what we could not read is nobody else's error.
class ErrorQueue {
public:
    ErrorQueue() { ERR_set_mark(); }
    ErrorQueue(const ErrorQueue&) = delete;
    ErrorQueue& operator=(const ErrorQueue&) = delete;
    ~ErrorQueue() { ERR_pop_to_mark(); }
};

/// Null: none of ours, of another kind than signed data, or larger than max_cms_size.
OwnedCms parse_signed_data(std::string_view bytes);

inline std::string_view view(const ASN1_STRING* string) {
    if (!string) return {};
    const int length = ASN1_STRING_length(string);
    if (length <= 0) return {};
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)), static_cast<std::size_t>(length)};
}

/// Seconds since 1970.
std::optional<std::int64_t> seconds(const ASN1_TIME* time);

/// Nothing: one that no code signature is made with.
std::optional<HashType> hash_of_algorithm(const ASN1_OBJECT* algorithm);

Certificate certificate(const X509* from);

/// Those in it, at most max_cms_certificates.
std::vector<OwnedCertificate> certificates_in(CMS_ContentInfo* cms);

}  // namespace reseal::diagnose
