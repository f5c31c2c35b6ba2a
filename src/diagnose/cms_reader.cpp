// SPDX-License-Identifier: BSL-1.0
#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include <reseal/error.hpp>

#include <algorithm>

#include "bundle/plist.hpp"
#include "diagnose/cms.hpp"
#include "diagnose/openssl.hpp"
#include "diagnose/timestamp.hpp"

namespace reseal::diagnose {
namespace {

constexpr const char* cdhashes_attribute = "1.2.840.113635.100.9.1";  // a property list
constexpr const char* digests_attribute = "1.2.840.113635.100.9.2";   // SEQUENCE { hash algorithm, whole hash } …

using OwnedObject = std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>>;

/// The values of a signed attribute that are of `type`, at most max_cms_digests.
std::vector<const ASN1_TYPE*> signed_values(const CMS_SignerInfo* signer, const char* attribute, int type) {
    std::vector<const ASN1_TYPE*> values;
    const OwnedObject object(OBJ_txt2obj(attribute, 1));
    const int place = object ? CMS_signed_get_attr_by_OBJ(signer, object.get(), -1) : -1;
    if (place < 0) return values;
    X509_ATTRIBUTE* found = CMS_signed_get_attr(signer, place);
    const int count = std::min(X509_ATTRIBUTE_count(found), static_cast<int>(max_cms_digests));
    for (int i = 0; i < count; ++i)
        if (const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(found, i); value && ASN1_TYPE_get(value) == type)
            values.push_back(value);
    return values;
}

std::vector<std::string> signed_cdhashes(const CMS_SignerInfo* signer) {
    std::vector<std::string> hashes;
    if (!bundle::plists_available()) return hashes;
    for (const ASN1_TYPE* value : signed_values(signer, cdhashes_attribute, V_ASN1_OCTET_STRING)) {
        try {
            const plist::Value parsed = bundle::parse_plist(view(value->value.octet_string), "cdhashes");
            const auto* dict = parsed.as<plist::Dict>();
            const auto* list = dict ? plist::find<plist::Array>(*dict, "cdhashes") : nullptr;
            if (!list) continue;
            for (const plist::Value& each : *list)
                if (const auto* data = each.as<plist::Data>(); data && hashes.size() < max_cms_digests)
                    hashes.push_back(data->bytes);
        } catch (const Error&) {
            return {};  // as if the attribute were not there: the other one says the same
        }
    }
    return hashes;
}

std::vector<CmsDigest> signed_digests(const CMS_SignerInfo* signer) {
    std::vector<CmsDigest> found;
    for (const ASN1_TYPE* value : signed_values(signer, digests_attribute, V_ASN1_SEQUENCE)) {
        const std::string_view whole = view(value->value.sequence);
        const auto* at = reinterpret_cast<const unsigned char*>(whole.data());
        STACK_OF(ASN1_TYPE)* parts = d2i_ASN1_SEQUENCE_ANY(nullptr, &at, static_cast<long>(whole.size()));
        if (!parts) continue;
        if (sk_ASN1_TYPE_num(parts) == 2) {
            const ASN1_TYPE *algorithm = sk_ASN1_TYPE_value(parts, 0), *hash = sk_ASN1_TYPE_value(parts, 1);
            if (ASN1_TYPE_get(algorithm) == V_ASN1_OBJECT && ASN1_TYPE_get(hash) == V_ASN1_OCTET_STRING)
                if (const std::optional<HashType> type = hash_of_algorithm(algorithm->value.object))
                    found.push_back({*type, std::string(view(hash->value.octet_string))});
        }
        sk_ASN1_TYPE_pop_free(parts, ASN1_TYPE_free);
    }
    return found;
}

std::optional<CmsDigest> message_digest(CMS_SignerInfo* signer) {
    X509_ALGOR* algorithm = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &algorithm, nullptr);
    const ASN1_OBJECT* object = nullptr;
    if (algorithm) X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    const auto* value = static_cast<const ASN1_OCTET_STRING*>(
        CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING));
    const std::optional<HashType> type = object ? hash_of_algorithm(object) : std::nullopt;
    if (!value || !type) return {};
    return CmsDigest{*type, std::string(view(value))};
}

std::optional<std::int64_t> signing_time(const CMS_SignerInfo* signer) {
    const int place = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
    if (place < 0) return {};
    X509_ATTRIBUTE* found = CMS_signed_get_attr(signer, place);
    const ASN1_TYPE* value = found ? X509_ATTRIBUTE_get0_type(found, 0) : nullptr;
    const int type = value ? ASN1_TYPE_get(value) : V_ASN1_UNDEF;
    if (type != V_ASN1_UTCTIME && type != V_ASN1_GENERALIZEDTIME) return {};
    return seconds(value->value.asn1_string);
}

/// The signer's to the front, behind each whoever issued it.
void put_in_order(std::vector<OwnedCertificate>& all, CMS_SignerInfo* signer, Cms& cms) {
    const auto first = std::find_if(all.begin(), all.end(), [signer](const OwnedCertificate& each) {
        return CMS_SignerInfo_cert_cmp(signer, each.get()) == 0;
    });
    if (first == all.end()) return;
    cms.has_signer = true;
    std::iter_swap(all.begin(), first);
    for (auto last = all.begin(); last + 1 != all.end(); ++last) {
        const X509_NAME* issuer = X509_get_issuer_name(last->get());
        const auto next = std::find_if(last + 1, all.end(), [issuer](const OwnedCertificate& each) {
            return X509_NAME_cmp(X509_get_subject_name(each.get()), issuer) == 0;
        });
        if (next == all.end()) return;
        std::iter_swap(last + 1, next);
    }
}

}  // namespace

CmsReading read_cms_contents(std::string_view bytes) {
    const ErrorQueue errors;
    const OwnedCms parsed = parse_signed_data(bytes);
    if (!parsed) return {Reading::malformed, {}, "no CMS signed data"};
    const STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(parsed.get());
    if (!signers || sk_CMS_SignerInfo_num(signers) != 1) return {Reading::malformed, {}, "CMS of other than one signer"};
    CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, 0);

    Cms cms;
    std::vector<OwnedCertificate> all = certificates_in(parsed.get());
    put_in_order(all, signer, cms);
    for (const OwnedCertificate& each : all) cms.certificates.push_back(certificate(each.get()));
    cms.message_digest = message_digest(signer);
    cms.signing_time = signing_time(signer);
    cms.timestamp = timestamp(signer);
    cms.cdhashes = signed_cdhashes(signer);
    cms.digests = signed_digests(signer);
    if (cms.has_signer) {
        CMS_SignerInfo_set1_signer_cert(signer, all.front().get());
        cms.attributes_hold = CMS_signed_get_attr_count(signer) > 0 && CMS_SignerInfo_verify(signer) == 1;
    }
    return {Reading::read, std::move(cms), {}};
}

}  // namespace reseal::diagnose

#endif
