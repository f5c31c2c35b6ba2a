// SPDX-License-Identifier: BSL-1.0
#pragma once
// What must hold between a CodeDirectory and its image before any of its pages can be right: asked by the sealer and by the
// verifier alike.
#include <cstdint>
#include <optional>

#include "macho/codedirectory.hpp"
#include "macho/header.hpp"

namespace reseal::seal {

/// The first thing that keeps the pages of `directory` from being hashed as the kernel does; offsets count from the signature's
/// first byte. `header` has a signature; `slice_offset` is that of the image in its file.
std::optional<macho::Defect> page_rule_broken(const macho::CodeDirectory& directory, const macho::Header& header,
                                              std::uint64_t slice_offset);

}  // namespace reseal::seal
