// SPDX-License-Identifier: BSL-1.0
#pragma once
// Well-formed signed images by chance, for laws that must hold for all of them: every field that may vary does.
#include "support/image_spec.hpp"
#include "support/random.hpp"

namespace support {

/// A description whose image the oracle finds good: signed, not CMS-signed, one to four CodeDirectories, up to some 100 KB.
ImageSpec random_spec(Random& random);

}  // namespace support
