// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file that was moved once is moved again: what the first move did is taken back by the positions that were remembered, and
// the prefixes that stood there first are replaced anew. So a prefix may become longer again, up to the one the file was built
// with, and nothing is lost or added by a second move: the file comes out as if it had been moved there at once.
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "relocate/placed_edit.hpp"

namespace reseal::relocate {

/// What has to be remembered of a file as it was before its first move.
struct FormerFile {
    FileMode mode = FileMode::unknown;  ///< text or binary
    std::vector<PrefixField> fields;    ///< ascending, none in `first_line`
    std::string first_line;             ///< a `#!` line that a prefix stood in, its end included; else empty
    bool operator==(const FormerFile&) const = default;
};

/// Of a file in its first state and what was planned for it.
FormerFile former_file(const Source& file, const FileRelocation& result);

/// What has to be replaced in `now` to have the former file again, in the order of the file; in a binary one before and after
/// are equally long. None: what is remembered is not true of the file. `placed`: from what stood there first to what stands
/// there now; `pair` of a field is one of its pairs.
std::optional<PlacedEdits> edits_back(const Source& now, const FormerFile& former, const Prefixes& placed);

/// Writes the former file; images are resealed on the way. False when what is remembered is not true of the file, before
/// anything is written, or when an image is refused.
bool restore(const Source& now, const FormerFile& former, const Prefixes& placed, const FileOptions& options, Sink& out);

/// restore(), and the result moved by `next`, whose *from*s are those of `placed`: fields, and size and digest before, are
/// those of the former file. None where restore() is false; what was written to `out` then is worth nothing.
std::optional<FileRelocation> move_again(const Source& now, const FormerFile& former, const Prefixes& placed,
                                         const Prefixes& next, const FileOptions& options, Sink& out);

}  // namespace reseal::relocate
