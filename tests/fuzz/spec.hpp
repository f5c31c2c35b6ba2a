// SPDX-License-Identifier: BSL-1.0
#pragma once
// A signed program that a fuzzer describes: every byte it gives is a decision about the shape.
#include "fuzz/feed.hpp"
#include "support/image_spec.hpp"

namespace fuzz {

/// With support::path_a in it, at places that do not overlap. Not every description can be built.
support::ImageSpec spec_from(Feed& feed);

}  // namespace fuzz
