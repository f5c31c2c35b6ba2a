// SPDX-License-Identifier: BSL-1.0
#pragma once
// How grave a problem is, and what follows for an image.
#include <reseal/verify.hpp>

namespace reseal::seal {

/// Leaves out what is not asked at `level`. The verdict is then the gravest that any of the problems asks for.
void weigh(ImageVerdict& image, Level level);

}  // namespace reseal::seal
