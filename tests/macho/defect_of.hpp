// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <optional>

#include "macho/defect.hpp"

namespace reseal::macho {

/// What a parser refused its input for; nothing when it took it.
template <class T>
std::optional<Code> defect_of(const Parsed<T>& parsed) {
    if (parsed) return {};
    return parsed.defect().code;
}

}  // namespace reseal::macho
