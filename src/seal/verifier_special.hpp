// SPDX-License-Identifier: BSL-1.0
#pragma once
// The special slots of one CodeDirectory against what they seal, where that is at hand: the blobs of the SuperBlob and the
// section __TEXT,__info_plist.
#include <cstdint>
#include <map>
#include <optional>
#include <reseal/source.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "digest/digest.hpp"
#include "macho/defect.hpp"
#include "macho/signature.hpp"

namespace reseal::seal {

struct CheckedSpecials {
    std::vector<std::int64_t> stale;      ///< ascending, all < 0
    std::vector<std::int64_t> unchecked;  ///< ascending, all < 0
    std::vector<macho::Defect> defects;   ///< why each of `stale` is; offsets from the signature's first byte
};

/// Whether the kernel looks at a special slot: at entitlements and constraints.
bool kernel_asks(std::int64_t special_slot);

/// `info_plist`: the digest, by the directory's hash, of the section; nothing where there is none. `preimages`: what slots seal
/// that is not in the image, by slot. Needs the hash to be available.
CheckedSpecials check_specials(const macho::CodeDirectory& directory, const macho::SuperBlob& super, std::string_view signature,
                               const std::optional<digest::Digest>& info_plist,
                               const std::map<std::int64_t, std::string>& preimages = {});

/// The digest of a range of the file, read a block at a time; nothing when the file ends before it.
std::optional<digest::Digest> digest_range(const Source& file, const macho::Range& range, HashType hash);

}  // namespace reseal::seal
