// SPDX-License-Identifier: BSL-1.0
#include "diagnose/cms.hpp"

#include <algorithm>

#include "config.hpp"
#include "digest/digest.hpp"
#include "macho/codedirectory.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::size_t cms_header = 8;

/// Whether a signed attribute has the hash of a CodeDirectory; nothing where no attribute lists hashes.
std::optional<bool> lists_hash(const Cms& cms, const digest::Digest& hash, HashType type) {
    if (cms.cdhashes.empty() && cms.digests.empty()) return {};
    const std::string cdhash(hash.prefix(macho::cdhash_size).bytes());
    const auto same = [&](const CmsDigest& each) { return each.hash == type && each.bytes == hash.bytes(); };
    return (cms.cdhashes.empty() || std::find(cms.cdhashes.begin(), cms.cdhashes.end(), cdhash) != cms.cdhashes.end()) &&
           (cms.digests.empty() || std::any_of(cms.digests.begin(), cms.digests.end(), same));
}

}  // namespace

CmsReading read_cms(std::string_view blob) {
    if (blob.size() <= cms_header) return {};
    return read_cms_contents(blob.substr(cms_header));
}

CmsBinding bind(const Cms& cms, const macho::Signature& parsed, std::string_view signature) {
    CmsBinding binding;
    for (const macho::CodeDirectory& directory : parsed.directories) {
        const std::string_view bytes = seal::slice(signature, directory.blob);
        if (&directory == &parsed.primary() && cms.message_digest) {
            if (!digest::available(cms.message_digest->hash)) binding.unknown = true;
            else binding.primary = digest::digest(cms.message_digest->hash, bytes).bytes() == cms.message_digest->bytes;
        }
        const HashType whole = digest::whole(directory.hash);
        if (!digest::available(whole)) {
            binding.unknown = true;
            continue;
        }
        if (!lists_hash(cms, digest::digest(whole, bytes), whole).value_or(true)) binding.unlisted.push_back(directory.slot);
    }
    return binding;
}

#if !RESEAL_LIBCRYPTO
CmsReading read_cms_contents(std::string_view) { return {Reading::unavailable, {}, {}}; }
#endif

}  // namespace reseal::diagnose
