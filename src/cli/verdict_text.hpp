// SPDX-License-Identifier: BSL-1.0
#pragma once
// verify's line for a person.
#include <reseal/verify.hpp>
#include <string>

#include "cli/examined.hpp"

namespace reseal::cli {

/// `path`, or `path:entry`, so that it cannot break a line.
std::string examined_name(const Examined& file);

/// `path  arch  status  detail`, without the newline. The detail of a CodeDirectory reads
/// `3 of 2526 pages: 17, 18, 1872; sha256/4096`; last comes who objects.
std::string verdict_text(const Examined& file, const ImageVerdict& image);

}  // namespace reseal::cli
