// SPDX-License-Identifier: BSL-1.0
#pragma once
// The slots of one CodeDirectory while they are being repaired: prove, then patch. A slot that did not hold the old hash was
// stale already; what becomes of it is the policy's to say.
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <vector>

#include "macho/signature.hpp"
#include "seal/page_hasher.hpp"
#include "seal/remark.hpp"
#include "seal/section_hasher.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::seal {

class SlotPatcher {
public:
    /// `signature_offset`: where the signature begins in its image. What is odd is added to `remarks`.
    SlotPatcher(const macho::CodeDirectory& directory, SignatureBytes& signature, std::uint64_t signature_offset,
                StalePolicy stale, std::vector<Remark>& remarks);

    /// Code slots (and pre-encryption hashes) of the touched pages that the code limit covers.
    void patch_pages(PageHasher& hasher);
    /// Special slot −k after an edit in its blob.
    void patch_blob(std::uint32_t k, std::string_view before, std::string_view after);
    /// Special slot −2 after the requirements were replaced by the empty set: it follows if it was right, and stays if not.
    void follow_requirements(std::string_view before, std::string_view after);
    struct BlobEdit {
        std::string_view before, after;
    };
    /// Special slot −1 after an edit in the section (null where there is none), in the blob of slot 1, or in both: it follows
    /// what it was the hash of. Else it seals something outside the image and is left.
    void patch_info_plist(const SectionHasher* section, const std::optional<BlobEdit>& blob);

    /// Slots overwritten, ascending.
    std::vector<std::int64_t> changed() const;

private:
    std::string_view held(const macho::Range& hash) const { return slice(signature_.before(), hash); }
    bool sealed(std::uint32_t k) const { return directory_.has_special_hash(k, signature_.before()); }
    void put(const macho::Range& hash, const digest::Digest& digest);
    void put(std::int64_t slot, const digest::Digest& digest);
    void remark(Severity severity, Code code, std::uint64_t image_offset, std::string what);
    void remark_unsealed(std::uint32_t k);
    void remark_stale_pages(const std::vector<std::uint64_t>& pages);

    const macho::CodeDirectory& directory_;
    SignatureBytes& signature_;
    std::uint64_t signature_offset_;
    StalePolicy stale_;
    std::vector<Remark>& remarks_;
    std::vector<std::int64_t> changed_;
};

}  // namespace reseal::seal
