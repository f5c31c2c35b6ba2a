// SPDX-License-Identifier: BSL-1.0
#pragma once
// What fills the room of one prefix that became shorter, and the bytes that stand in its place then.
#include <cstddef>
#include <optional>
#include <reseal/finding.hpp>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>

#include "relocate/prefix_index.hpp"

namespace reseal::relocate {

using Fill = PrefixField::Fill;

/// So many bytes behind a prefix are looked at, at most, before its string's end counts.
inline constexpr std::size_t fill_ahead = 8;

/// A prefix, and what goes in its place.
struct Replacement {
    std::string_view from, to;  ///< in the field's encoding
    Encoding encoding = Encoding::utf8;
};

/// Of a field that was found with these prefixes.
Replacement replacement_of(const PrefixIndex& index, const PrefixField& field);

/// What is to be done, or why it cannot be.
struct FillChoice {
    Fill fill = Fill::left;
    std::optional<Code> refused;
    bool waits = false;  ///< the string's end decides: ask late_fill()
};

/// `after`: the fill_ahead bytes behind the prefix, or as many as the file has.
FillChoice early_fill(const Replacement& replacement, const PrefixOptions& options, std::string_view after);
/// With the string's end known.
FillChoice late_fill(const Replacement& replacement, bool terminated, Tail tail);
/// In a string of a load command. Where NULs may not fill it, it is refused.
FillChoice command_fill(const Replacement& replacement, const PrefixOptions& options);

/// The bytes in the place of a field, as many as the prefix has, of any fill but Fill::end and Fill::left. `after` counts for
/// Fill::cut only.
std::string filled(const Replacement& replacement, Fill fill, std::string_view after);

/// Whether a path now begins with exactly two slashes, which POSIX leaves to systems to make sense of.
bool two_slashes(const Replacement& replacement, Fill fill);

}  // namespace reseal::relocate
