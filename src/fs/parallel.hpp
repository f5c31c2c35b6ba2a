// SPDX-License-Identifier: BSL-1.0
#pragma once
// Work on many files at once: bytes/parallel.hpp by the name that it has where files are.
#include "bytes/parallel.hpp"

namespace reseal::fs {

using bytes::parallel;
using bytes::parallel_largest_first;

}  // namespace reseal::fs
