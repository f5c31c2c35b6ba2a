// SPDX-License-Identifier: BSL-1.0
#pragma once
// A binary file that can be read again, once its fields are decided.
#include <reseal/relocation.hpp>
#include <vector>

#include "relocate/field_decider.hpp"

namespace reseal::relocate {

/// All that follows from the fields. Where they may concern a signature the file is read once more, as it will be written, to
/// learn whether it can be sealed; where the digest after is wanted (FileOptions::patch_limit), every file that changes.
/// `passed`: what came of that, where it was done already; null: it was not. Takes the fields out of `decider`, which has come
/// to the end of the file.
FileRelocation plan_fields(const Source& file, FieldDecider& decider, const Prefixes& prefixes, const FileOptions& options,
                           const FileRelocation* passed);

/// The file goes by with these fields. `out` may be null. Throws Error (ErrorCode::io) when its prefixes do not stand there.
FileRelocation pass_by(const Source& file, const Prefixes& prefixes, const std::vector<PrefixField>& fields,
                       const FileOptions& options, Sink* out);

}  // namespace reseal::relocate
