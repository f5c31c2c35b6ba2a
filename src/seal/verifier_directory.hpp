// SPDX-License-Identifier: BSL-1.0
#pragma once
// The verdict on a CodeDirectory: its slots, one by one. What the kernel would mind is its if the CodeDirectory is the chosen
// one.
#include <cstddef>
#include <vector>

#include "macho/codedirectory.hpp"
#include "macho/superblob.hpp"
#include "seal/verifier_examination.hpp"

namespace reseal::seal {

/// Appends the verdict on `directory`, its special slots checked, its pages not yet. At the kernel's level `super` need not
/// have other blobs than those that the kernel hashes. False: the hash is not available, which is said.
bool add_directory(const Examination& of, const macho::CodeDirectory& directory, const macho::SuperBlob& super, bool chosen,
                   Level level);

/// A CodeDirectory whose pages can be checked, and which verdict of the image is its.
struct Checkable {
    const macho::CodeDirectory* directory;
    std::size_t verdict;
};
/// Checks the pages of all of them in one pass.
void check_code_slots(const Examination& of, const std::vector<Checkable>& all);

}  // namespace reseal::seal
