// SPDX-License-Identifier: BSL-1.0
#pragma once
// Application bundles and frameworks have a list of their files' hashes besides the signatures in their programs. That list is
// sealed by a signature in turn, so it is not repaired; who changed a file of a bundle is told.
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reseal::relocate {

class BundleSeals {
public:
    /// The `_CodeSignature/CodeResources` in a folder above `path` that lists the file there, or a bundle around it; none:
    /// nothing does. A list that cannot be read, or is larger than 64 MiB, lists nothing.
    std::optional<std::string> listed_in(const std::string& path);

private:
    const std::string& list_in(const std::string& folder);

    std::map<std::string, std::string> lists_;  // by folder; empty: none
};

}  // namespace reseal::relocate
