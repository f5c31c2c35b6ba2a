// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_special.hpp"

#include <algorithm>
#include <string>

#include "macho/constants.hpp"
#include "macho/slot_names.hpp"
#include "seal/block_reader.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::seal {
namespace {

/// Those whose preimage is a blob of the SuperBlob and nothing else: hash and blob are there together or not at all.
bool always_embedded(std::uint32_t k) { return k == macho::slot_requirements || kernel_asks(-std::int64_t{k}); }

/// "special slot -5 (entitlements)"
std::string special_slot_name(std::uint32_t k) {
    const std::string number = "special slot -" + std::to_string(k);
    const std::string_view name = macho::slot_name(k);
    return name.empty() ? number : number + " (" + std::string(name) + ")";
}

std::string_view stored(const macho::CodeDirectory& directory, std::string_view signature, std::uint32_t k) {
    return slice(signature, directory.hash_range(-std::int64_t{k}));
}

}  // namespace

bool kernel_asks(std::int64_t special_slot) {
    const std::int64_t k = -special_slot;
    return k == macho::slot_entitlements || (k >= macho::slot_der_entitlements && k <= macho::slot_library_constraint);
}

CheckedSpecials check_specials(const macho::CodeDirectory& directory, const macho::SuperBlob& super, std::string_view signature,
                               const std::optional<digest::Digest>& info_plist,
                               const std::map<std::int64_t, std::string>& preimages) {
    CheckedSpecials checked;
    auto stale = [&](Code code, std::uint32_t k, std::uint64_t offset, const char* what) {
        checked.stale.push_back(-std::int64_t{k});
        checked.defects.push_back({code, offset, special_slot_name(k) + what + ", " + std::string(name(directory.hash))});
    };
    // From the lowest number up, so that the lists come out ascending; a blob may lie beyond the slots that there are.
    for (std::uint32_t k = std::max(directory.special_slots, macho::slot_library_constraint); k >= 1; --k) {
        const macho::Blob* blob = k < macho::slot_alternate ? super.find(k) : nullptr;
        if (!directory.has_special_hash(k, signature)) {
            if (blob && always_embedded(k)) stale(Code::special_missing, k, blob->range.offset, " has no hash for the blob");
            continue;
        }
        std::string_view hash = stored(directory, signature, k);
        // Of a bundle its files are sealed: a section or blob that stands for one makes up for none that is changed.
        const auto preimage = preimages.find(-std::int64_t{k});
        if (preimage != preimages.end() && !always_embedded(k)) {
            if (digest::digest(directory.hash, preimage->second).bytes() != hash)
                stale(Code::special_stale, k, directory.hash_range(-std::int64_t{k}).offset,
                      " is not the hash of what it seals");
            continue;
        }
        if (k == macho::slot_info_plist && info_plist && info_plist->bytes() == hash) continue;
        if (blob && digest::digest(directory.hash, slice(signature, blob->range)).bytes() == hash) continue;
        if (blob && k != macho::slot_info_plist) {
            stale(Code::special_stale, k, blob->range.offset, " is not the hash of its blob");
        } else if (always_embedded(k)) {
            stale(Code::special_missing, k, directory.hash_range(-std::int64_t{k}).offset, " has no blob for the hash");
        } else {
            checked.unchecked.push_back(-std::int64_t{k});
        }
    }
    return checked;
}

std::optional<digest::Digest> digest_range(const Source& file, const macho::Range& range, HashType hash) {
    digest::Hasher hasher(hash);
    BlockReader reader(file, range);
    std::uint64_t done = 0;
    for (std::string_view block = reader.next(); !block.empty(); block = reader.next()) {
        hasher.update(block);
        done += block.size();
    }
    if (done < range.size) return {};
    return hasher.finish();
}

}  // namespace reseal::seal
