// SPDX-License-Identifier: BSL-1.0
#include "cli/checkable_bundles.hpp"

#include <reseal/bundle.hpp>

#include "bundle/plist.hpp"
#include "bytes/byte_string.hpp"
#include "cli/message.hpp"

namespace reseal::cli {

std::vector<std::string> checkable_bundles(const std::string& folder) {
    std::vector<std::string> all = bundles_in(folder);
    if (all.empty() || bundle::plists_available()) return all;
    message("note: " + printable(folder) + ": seals of bundles are not checked: this build reads no property lists (libplist)");
    return {};
}

}  // namespace reseal::cli
