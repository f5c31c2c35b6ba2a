// SPDX-License-Identifier: BSL-1.0
#pragma once
// Application bundles and frameworks have a list of their files' hashes besides the signatures in their programs. That list is
// sealed by a signature in turn, so it is not repaired; who changed a file of a bundle is told.
#include <map>
#include <optional>
#include <string>
#include <unordered_set>

namespace reseal::relocate {

class BundleSeals {
public:
    /// The `_CodeSignature/CodeResources` in a folder above `path` that lists the file there, or a bundle around it; none:
    /// nothing does. A list that cannot be read, or is larger than 64 MiB, lists nothing.
    std::optional<std::string> listed_in(const std::string& path);

private:
    using List = std::unordered_set<std::string>;  // of names, as they are escaped there; empty: none
    const List& list_in(const std::string& folder);

    std::map<std::string, List> lists_;  // by folder
};

}  // namespace reseal::relocate
