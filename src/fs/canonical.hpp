// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a Nix archive does not hold, made the same everywhere: permissions, times, extended attributes.
#include <string>

namespace reseal::fs {

/// As a store has it: 0444, or 0555 for folders and what the owner may execute; modified in second 1; no extended attributes
/// but the three that Nix leaves alone as well. That only on Linux: elsewhere attributes, and access lists, stay as they are.
/// Follows no link. Throws Error (ErrorCode::io).
void canonicalise(const std::string& tree);

/// Moves the tree at `from` to `to`; false, and nothing happens, when there is something. A folder that is canonical already
/// stays so, also where only its owner may move it when it can be written.
bool move_canonical(const std::string& from, const std::string& to);

/// Puts the tree at `from`, which is canonical, in the place of the one at `to`, which comes to `from`, or is gone. At no time
/// is there nothing at `to`: where a file system cannot do that, it is an error.
void exchange_canonical(const std::string& from, const std::string& to);

}  // namespace reseal::fs
