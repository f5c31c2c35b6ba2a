// SPDX-License-Identifier: BSL-1.0
#pragma once
// Prefixes whose positions somebody recorded: looked up instead of sought.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "relocate/field_decider.hpp"

namespace reseal::relocate {

/// Hands the fields to `decider`, up to the end of the file, as if they had been found. What each string holds is read, and the
/// load commands of images, nothing else. Where a prefix does not stand as recorded, or its string ends elsewhere: that
/// offset; then `decider` is worth nothing.
std::optional<std::uint64_t> place_fields(const Source& file, const Prefixes& prefixes,
                                          const std::vector<PrefixField>& positions, const std::string& name,
                                          FieldDecider& decider);

}  // namespace reseal::relocate
