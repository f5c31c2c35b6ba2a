// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the kernel asks of an image's signature (xnu bsd/kern/ubc_subr.c, mach_loader.c, kern_descrip.c), and nothing else.
#include <optional>

#include "macho/kernel_signature.hpp"
#include "seal/verifier_examination.hpp"

namespace reseal::seal {

/// log2 of the pages of the processor that the image is for.
std::uint8_t largest_page_log2(const macho::Header& header);

/// Why the kernel does not get as far as comparing pages; offsets as in the signature.
std::optional<macho::Defect> kernel_rule_broken(const Examination& of, const macho::CodeDirectory& chosen);

/// The whole of it, in the kernel's words.
void examine_as_kernel(const Examination& of, const macho::Parsed<macho::KernelSignature>& signature);

/// What nobody minds as long as nothing comes of it: code in a last page that is not whole, a code limit of 64 bits.
void add_kernel_notes(const Examination& of, const macho::KernelSignature& signature);

}  // namespace reseal::seal
