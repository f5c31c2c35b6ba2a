// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <reseal/options.hpp>
#include <reseal/source.hpp>

namespace reseal {

/// Reads the CodeDirectories of a file ahead and says how they hash. Whatever is odd is left out: a hint is never an error
/// and never a promise.
Hint read_hint(const Source& file);

}  // namespace reseal
