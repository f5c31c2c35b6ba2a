// SPDX-License-Identifier: BSL-1.0
#include "diagnose/signed_data.hpp"

#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace support {
namespace {

void check(bool done) {
    if (!done) throw std::runtime_error("libcrypto makes no CMS");
}

struct Identity {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
};

const unsigned char* octets(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void add_name(X509_NAME* name, const char* kind, const std::string& text) {
    check(X509_NAME_add_entry_by_txt(name, kind, MBSTRING_UTF8, octets(text), static_cast<int>(text.size()), -1, 0) == 1);
}

Identity make(const std::string& common_name, const std::string& unit, const Identity* issuer) {
    char curve[] = "P-256";  // not const: it goes through an ellipsis, to be read as a char*
    Identity made{std::shared_ptr<EVP_PKEY>(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve), EVP_PKEY_free),
                  std::shared_ptr<X509>(X509_new(), X509_free)};
    X509* certificate = made.certificate.get();
    check(X509_set_version(certificate, X509_VERSION_3) == 1);
    check(ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer ? 2 : 1) == 1);
    check(ASN1_TIME_set_string(X509_getm_notBefore(certificate), "200101000000Z") == 1);
    check(ASN1_TIME_set_string(X509_getm_notAfter(certificate), "300101000000Z") == 1);
    X509_NAME* name = X509_get_subject_name(certificate);
    add_name(name, "CN", common_name);
    add_name(name, "O", "Tests");
    add_name(name, "OU", unit);
    check(X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer->certificate.get()) : name) == 1);
    check(X509_set_pubkey(certificate, made.key.get()) == 1);
    check(X509_sign(certificate, (issuer ? issuer->key : made.key).get(), EVP_sha256()) > 0);
    return made;
}

const Identity& authority() {
    static const Identity made = make("Authority of Tests", "Authorities", nullptr);
    return made;
}
const Identity& signer() {
    static const Identity made = make("Signer of Tests", "TEAM123456", &authority());
    return made;
}

std::string digest_element(const std::string& digest) {  // SEQUENCE { OID of SHA-256, OCTET STRING }
    const std::string inner =
        std::string("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04") + static_cast<char>(digest.size()) + digest;
    return std::string("\x30") + static_cast<char>(inner.size()) + inner;
}

void add_attributes(CMS_SignerInfo* info, const SignedDataSpec& spec) {
    ASN1_TIME* time = ASN1_TIME_new();
    check(ASN1_TIME_set_string(time, "210601120000Z") == 1);
    check(CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, V_ASN1_UTCTIME, time, -1) == 1);
    ASN1_TIME_free(time);
    if (!spec.cdhashes_plist.empty())
        check(CMS_signed_add1_attr_by_txt(info, "1.2.840.113635.100.9.1", V_ASN1_OCTET_STRING, spec.cdhashes_plist.data(),
                                          static_cast<int>(spec.cdhashes_plist.size())) == 1);
    if (spec.digests.empty()) return;
    X509_ATTRIBUTE* attribute = nullptr;
    for (const std::string& digest : spec.digests) {
        const std::string element = digest_element(digest);
        if (!attribute)
            attribute = X509_ATTRIBUTE_create_by_txt(nullptr, "1.2.840.113635.100.9.2", V_ASN1_SEQUENCE, octets(element),
                                                     static_cast<int>(element.size()));
        else
            check(X509_ATTRIBUTE_set1_data(attribute, V_ASN1_SEQUENCE, octets(element), static_cast<int>(element.size())) == 1);
    }
    check(CMS_signed_add1_attr(info, attribute) == 1);
    X509_ATTRIBUTE_free(attribute);
}

/// A token as time stamping authorities make them, but for the type of its contents, which says that they are any.
std::string token(const std::string& signature) {
    std::string digest(32, '\0');
    check(EVP_Digest(signature.data(), signature.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
                     nullptr) == 1);
    const std::unique_ptr<TS_TST_INFO, decltype(&TS_TST_INFO_free)> info(TS_TST_INFO_new(), TS_TST_INFO_free);
    const std::unique_ptr<TS_MSG_IMPRINT, decltype(&TS_MSG_IMPRINT_free)> imprint(TS_MSG_IMPRINT_new(), TS_MSG_IMPRINT_free);
    const std::unique_ptr<X509_ALGOR, decltype(&X509_ALGOR_free)> algorithm(X509_ALGOR_new(), X509_ALGOR_free);
    const std::unique_ptr<ASN1_GENERALIZEDTIME, decltype(&ASN1_GENERALIZEDTIME_free)> time(
        ASN1_GENERALIZEDTIME_set(nullptr, 1622635200), ASN1_GENERALIZEDTIME_free);
    const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> serial(ASN1_INTEGER_new(), ASN1_INTEGER_free);
    const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> policy(OBJ_txt2obj("1.2.3", 1), ASN1_OBJECT_free);
    check(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1);
    check(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1);
    check(TS_MSG_IMPRINT_set_msg(imprint.get(), reinterpret_cast<unsigned char*>(digest.data()), 32) == 1);
    check(TS_TST_INFO_set_version(info.get(), 1) == 1 && TS_TST_INFO_set_policy_id(info.get(), policy.get()) == 1);
    check(TS_TST_INFO_set_msg_imprint(info.get(), imprint.get()) == 1 && TS_TST_INFO_set_time(info.get(), time.get()) == 1);
    check(ASN1_INTEGER_set(serial.get(), 7) == 1 && TS_TST_INFO_set_serial(info.get(), serial.get()) == 1);
    unsigned char* bytes = nullptr;
    const int length = i2d_TS_TST_INFO(info.get(), &bytes);
    check(length > 0);
    const std::string contents(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return signed_data({.contents = contents, .attached = true});
}

void add_timestamp(CMS_SignerInfo* info, bool foreign) {
    const ASN1_OCTET_STRING* signature = CMS_SignerInfo_get0_signature(info);
    const std::string value(reinterpret_cast<const char*>(ASN1_STRING_get0_data(signature)),
                            static_cast<std::size_t>(ASN1_STRING_length(signature)));
    const std::string made = token(foreign ? "another" : value);
    check(CMS_unsigned_add1_attr_by_NID(info, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, made.data(),
                                        static_cast<int>(made.size())) == 1);
}

}  // namespace

std::string signed_data(const SignedDataSpec& spec) {
    const unsigned flags = CMS_PARTIAL | CMS_BINARY | (spec.attached ? 0U : unsigned{CMS_DETACHED});
    const std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)> cms(
        CMS_sign(nullptr, nullptr, nullptr, nullptr, flags), CMS_ContentInfo_free);
    check(cms != nullptr);
    if (spec.certificates) check(CMS_add1_cert(cms.get(), authority().certificate.get()) == 1);
    const unsigned signer_flags = CMS_NOSMIMECAP | CMS_PARTIAL | (spec.certificates ? 0U : unsigned{CMS_NOCERTS});
    CMS_SignerInfo* info =
        CMS_add1_signer(cms.get(), signer().certificate.get(), signer().key.get(), EVP_sha256(), signer_flags);
    check(info != nullptr);
    add_attributes(info, spec);
    if (spec.two_signers)
        check(CMS_add1_signer(cms.get(), authority().certificate.get(), authority().key.get(), EVP_sha256(),
                              signer_flags | CMS_NOCERTS));
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(
        BIO_new_mem_buf(spec.contents.data(), static_cast<int>(spec.contents.size())), BIO_free);
    check(CMS_final(cms.get(), in.get(), nullptr, flags) == 1);
    if (spec.timestamp || spec.foreign_timestamp) add_timestamp(info, spec.foreign_timestamp);
    unsigned char* bytes = nullptr;
    const int length = i2d_CMS_ContentInfo(cms.get(), &bytes);
    check(length > 0);
    const std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

std::string signer_certificate() {
    unsigned char* bytes = nullptr;
    const int length = i2d_X509(signer().certificate.get(), &bytes);
    check(length > 0);
    const std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace support

#endif
