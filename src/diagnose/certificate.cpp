// SPDX-License-Identifier: BSL-1.0
#include "diagnose/certificate.hpp"

#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include <chrono>
#include <ctime>

#include "diagnose/cms.hpp"
#include "diagnose/openssl.hpp"
#include "digest/digest.hpp"

namespace reseal::diagnose {
namespace {

std::string name_utf8(const ASN1_STRING* string) {
    unsigned char* text = nullptr;
    const int length = ASN1_STRING_to_UTF8(&text, string);
    if (length < 0) return {};
    std::string copy(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    OPENSSL_free(text);
    return copy;
}

/// The first of its kind; a name may have several.
std::string name_part(const X509_NAME* name, int kind) {
    if (!name) return {};
    const int index = X509_NAME_get_index_by_NID(name, kind, -1);
    if (index < 0) return {};
    return name_utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
}

std::string certificate_der(const X509* from) {
    unsigned char* bytes = nullptr;
    const int length = i2d_X509(from, &bytes);
    if (length < 0) return {};
    std::string copy(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return copy;
}

}  // namespace

std::optional<std::int64_t> seconds(const ASN1_TIME* time) {
    using namespace std::chrono;
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return {};
    const sys_days day{year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday};
    const auto clock = hours{parts.tm_hour} + minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec};
    return (sys_seconds{day} + clock).time_since_epoch().count();
}

Certificate certificate(const X509* from) {
    const X509_NAME* subject = X509_get_subject_name(from);
    return {name_part(subject, NID_commonName),
            name_part(subject, NID_organizationName),
            name_part(subject, NID_organizationalUnitName),
            name_part(X509_get_issuer_name(from), NID_commonName),
            seconds(X509_get0_notBefore(from)).value_or(0),
            seconds(X509_get0_notAfter(from)).value_or(0),
            digest::digest(HashType::sha256, certificate_der(from)).hex()};
}

std::vector<OwnedCertificate> certificates_in(CMS_ContentInfo* cms) {
    std::vector<OwnedCertificate> found;
    STACK_OF(X509)* all = CMS_get1_certs(cms);
    if (!all) return found;
    for (int i = 0; i < sk_X509_num(all) && found.size() < max_cms_certificates; ++i) {
        X509* next = sk_X509_value(all, i);
        if (X509_up_ref(next) == 1) found.emplace_back(next);
    }
    sk_X509_pop_free(all, X509_free);
    return found;
}

std::optional<HashType> hash_of_algorithm(const ASN1_OBJECT* algorithm) {
    switch (OBJ_obj2nid(algorithm)) {
        case NID_sha1: return HashType::sha1;
        case NID_sha256: return HashType::sha256;
        case NID_sha384: return HashType::sha384;
        case NID_sha512: return HashType::sha512;
        default: return {};
    }
}

OwnedCms parse_signed_data(std::string_view bytes) {
    if (bytes.size() > max_cms_size) return {};
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    OwnedCms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size())));
    if (cms && OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) cms.reset();
    return cms;
}

}  // namespace reseal::diagnose

#endif
