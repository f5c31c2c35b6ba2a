// SPDX-License-Identifier: BSL-1.0
#pragma once
// What codesign's strict mode asks on top of right hashes: no byte of the file that no signature covers (Security macho++.cpp,
// "STRICT VALIDATION ERROR").
#include <reseal/source.hpp>
#include <reseal/verify.hpp>
#include <vector>

#include "macho/header.hpp"
#include "macho/signature.hpp"
#include "seal/file_layout.hpp"

namespace reseal::seal {

/// Of one image: nothing behind the signature, __LINKEDIT's end, code limits. `header` has a signature, which lies within
/// `image`.
std::vector<Problem> strict_problems(const macho::Header& header, const macho::Signature& signature, const macho::Range& image);

/// Between slices zeros only, and no more of them than the alignment asks for; nothing behind the last. Each problem belongs to
/// the slice in front of the bytes it is about (to the first slice, for those in front of it).
struct SliceProblem {
    std::size_t slice;  ///< index into FileLayout::slices
    Problem problem;
};
std::vector<SliceProblem> strict_slice_problems(const Source& file, const FileLayout& layout);

}  // namespace reseal::seal
