// SPDX-License-Identifier: BSL-1.0
#pragma once
// What Security.framework asks of an image's signature: every CodeDirectory, every slot whose preimage is at hand; and what its
// strict mode asks on top. Of each objection it is said whether the kernel has it too.
#include "macho/kernel_signature.hpp"
#include "seal/verifier_examination.hpp"

namespace reseal::seal {

/// `as_kernel`: the signature as the kernel reads it.
void examine_as_codesign(const Examination& of, const macho::Parsed<macho::KernelSignature>& as_kernel);

}  // namespace reseal::seal
