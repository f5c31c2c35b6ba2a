// SPDX-License-Identifier: BSL-1.0
#pragma once
// The specification of a registration as JSON: docs/register-spec.schema.json in code.
#include <reseal/registration.hpp>
#include <string>

namespace reseal::cli {

/// Throws Error (ErrorCode::misuse) naming `name`, the field and what it should be; an unknown field is one too. Opens the file
/// of references that the specification names.
store::RegistrationSpec parse_register_spec(const std::string& text, const std::string& name);

}  // namespace reseal::cli
