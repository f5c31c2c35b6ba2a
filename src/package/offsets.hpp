// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where placeholders stand, as the draft CEP "Prefix placeholder offsets in paths.json" writes it: per encoding a list of
// ranges, in text each an offset, in binary files per string its offsets and then that of its NUL (the file's length where none
// ends it). conda-meta/reseal adds `prefix`, the number of the placeholder, and `command`, in a Mach-O load command.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <vector>

#include "package/json.hpp"

namespace reseal::package {

/// The fields, ascending; nothing where they do not hold together (not ascending, a placeholder past its string's end or past
/// `size`, an encoding, a number or a mode that means nothing): then there is only searching. Of `pairs` placeholders.
std::optional<std::vector<PrefixField>> read_offsets(const Json& groups, FileMode mode, std::size_t pairs,
                                                     std::optional<std::uint64_t> size);
/// The same groups again. `mode` is text or binary.
Json write_offsets(const std::vector<PrefixField>& fields, FileMode mode);

}  // namespace reseal::package
