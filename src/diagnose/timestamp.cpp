// SPDX-License-Identifier: BSL-1.0
#include "config.hpp"

#if RESEAL_LIBCRYPTO

#include "diagnose/timestamp.hpp"

#include <openssl/ts.h>

#include "diagnose/openssl.hpp"
#include "digest/digest.hpp"

namespace reseal::diagnose {
namespace {

/// Whether the token's digest is that of the signature.
bool is_stamp_of(TS_TST_INFO* info, const ASN1_OCTET_STRING* signature) {
    TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT* algorithm = nullptr;
    if (imprint) X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
    const std::optional<HashType> hash = algorithm ? hash_of_algorithm(algorithm) : std::nullopt;
    return hash && signature && digest::digest(*hash, view(signature)).bytes() == view(TS_MSG_IMPRINT_get_msg(imprint));
}

}  // namespace

std::optional<std::int64_t> timestamp(CMS_SignerInfo* signer) {
    const int place = CMS_unsigned_get_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, -1);
    if (place < 0) return {};
    X509_ATTRIBUTE* attribute = CMS_unsigned_get_attr(signer, place);
    const ASN1_TYPE* value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
    if (!value || ASN1_TYPE_get(value) != V_ASN1_SEQUENCE) return {};
    const OwnedCms token = parse_signed_data(view(value->value.sequence));
    ASN1_OCTET_STRING** contents = token ? CMS_get0_content(token.get()) : nullptr;
    if (!contents || !*contents) return {};
    const std::string_view bytes = view(*contents);
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const std::unique_ptr<TS_TST_INFO, Free<TS_TST_INFO_free>> info(
        d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(bytes.size())));
    if (!info || !is_stamp_of(info.get(), CMS_SignerInfo_get0_signature(signer))) return {};
    return seconds(TS_TST_INFO_get_time(info.get()));
}

}  // namespace reseal::diagnose

#endif
