// SPDX-License-Identifier: BSL-1.0
#pragma once
// Symbolic links that lead out of the folder that was unpacked to. They are made or not as the caller wants, but never by
// accident.
#include <map>
#include <string>

namespace reseal::package {

/// By path, what each link of a tree says.
using Links = std::map<std::string, std::string>;

/// Whether the link at `path` leads out of the tree, which stands at the absolute path `root`: links on the way are followed as
/// a kernel would. A link that leads in circles or to nothing leads nowhere else.
bool leads_outside(const Links& links, const std::string& path, const std::string& root);

}  // namespace reseal::package
