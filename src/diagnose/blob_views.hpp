// SPDX-License-Identifier: BSL-1.0
#pragma once
// The blobs of a signature that are no CodeDirectory, as people are shown them.
#include <reseal/signature.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "macho/signature.hpp"
#include "macho/superblob.hpp"

namespace reseal::diagnose {

/// Each of a set of requirements; `fault` gets why there are none.
std::vector<std::string> view_requirements(std::string_view blob, std::string& fault);

EntitlementsView view_entitlements(const macho::SuperBlob& super, std::string_view signature);

ConstraintView view_constraint(std::uint32_t slot, std::string_view blob);

/// `blob`: the one in slot 0x10000; `parsed`: the signature that it is in, null where that is damaged.
CmsView view_cms(std::string_view blob, const macho::Signature* parsed, std::string_view signature);

}  // namespace reseal::diagnose
