// SPDX-License-Identifier: BSL-1.0
#pragma once
// verify's line for a person.
#include <reseal/verify.hpp>
#include <string>

namespace reseal::cli {

/// `path  arch  status  detail`, without the newline. The detail of a CodeDirectory reads
/// `3 of 2526 pages: 17, 18, 1872; sha256/4096`.
std::string verdict_text(const std::string& path, const ImageVerdict& image);

}  // namespace reseal::cli
