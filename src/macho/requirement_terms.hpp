// SPDX-License-Identifier: BSL-1.0
#pragma once
// What requirements are made of, as text: strings, hashes, object identifiers, dates.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reseal::macho {

/// As it stands where it is a word, in quotes where it is printable, else 0x and digits. A dot belongs to a word where
/// `dots`.
std::string requirement_word(std::string_view bytes, bool dots = false);

/// H"0123…"
std::string requirement_hash(std::string_view bytes);

/// 1.2.840.113635.100.6.1.13 for the contents of a DER object identifier; nothing where they are none.
std::optional<std::string> object_identifier(std::string_view bytes);

/// <2021-06-01 12:00:00 +0000> for seconds since 2001.
std::string requirement_date(std::int64_t seconds);

}  // namespace reseal::macho
