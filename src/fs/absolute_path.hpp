// SPDX-License-Identifier: BSL-1.0
#pragma once
// A place that has to be known from everywhere: it is written into files.
#include <string>

namespace reseal::fs {

/// `path` from the root on, without `.`, repeated and trailing slashes. Links are not resolved, unless `..` stands in the path:
/// behind a link that is not where its name says. There need not be anything at it. Throws Error (ErrorCode::io).
std::string absolute_path(const std::string& path);

}  // namespace reseal::fs
