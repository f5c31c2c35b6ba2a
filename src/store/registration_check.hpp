// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a specification means anything, before a tree is looked at.
#include <reseal/registration.hpp>

namespace reseal::store {

/// Throws Error (ErrorCode::misuse) naming the output and what is wrong with it.
void check(const RegistrationSpec& spec);

}  // namespace reseal::store
