// SPDX-License-Identifier: BSL-1.0
#pragma once
// Turns a CMS signature into an ad-hoc one of the same length: what CmsPolicy::adhoc does, to the byte.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "macho/signature.hpp"

namespace reseal::seal {

/// Bytes of a requirements blob without requirements: magic, length, count. What follows in the blob's old place belongs to no
/// blob.
constexpr std::uint32_t empty_requirements = 12;

/// In every CodeDirectory: the ad-hoc flag, no team. The CMS blob becomes an empty wrapper and the requirements the empty set,
/// as an ad-hoc signer writes them; bytes set free are zeroed; index, offsets and lengths of the whole stay. Special slot −2,
/// which the requirements change, is left to the caller. A defect when there is no room for the empty set.
std::optional<macho::Defect> make_adhoc(const macho::Signature& signature, std::string& bytes);

/// What make_adhoc() writes over: nothing that stood in there is left.
std::vector<macho::Range> made_adhoc(const macho::Signature& signature);

}  // namespace reseal::seal
