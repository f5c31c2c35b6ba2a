// SPDX-License-Identifier: BSL-1.0
#pragma once
// Entitlements as the kernel reads them: in DER, beside the XML that people write (Apple's CoreEntitlements).
//
//     0x70 { INTEGER 1, 0xb0 { SEQUENCE { UTF8String key, value } … } }      today
//     0x31 { SEQUENCE { UTF8String key, value } … }                          version 0
//
// A value is a BOOLEAN, an INTEGER, a UTF8String, a SEQUENCE of values or again a dictionary.
#include <string_view>

#include "bytes/plist_value.hpp"
#include "macho/defect.hpp"

namespace reseal::macho {

constexpr std::size_t max_der_entitlements_size = std::size_t{1} << 20;  // bytes of the blob
constexpr std::size_t max_der_entitlements_depth = 32;
constexpr std::size_t max_der_entitlements_values = 65536;

/// `blob`: the one of magic 0xfade7172, header included. Lengths in their shortest form, as DER has them; no key twice in one
/// dictionary.
Parsed<plist::Dict> parse_der_entitlements(std::string_view blob);
/// The same of a launch or library constraint (magic 0xfade8181), which is written so too.
Parsed<plist::Dict> parse_der_constraint(std::string_view blob);

}  // namespace reseal::macho
