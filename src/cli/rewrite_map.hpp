// SPDX-License-Identifier: BSL-1.0
#pragma once
// The picture of `rewrite --map`: which pages a rewrite touched.
#include <reseal/report.hpp>
#include <string>

#include "cli/rewrite.hpp"

namespace reseal::cli {

/// An SVG document. `on_disk`: the output lies there under its name, which tells all of its pages and their sections; a stream
/// that is gone tells of the touched pages only. Throws Error where the output cannot be read.
std::string rewrite_map(const RewriteArguments& arguments, const Report& report, bool on_disk);

}  // namespace reseal::cli
