// SPDX-License-Identifier: BSL-1.0
#include "relocate/moved_path.hpp"

namespace reseal::relocate {

const PrefixPair* moved_by(std::string_view path, const std::vector<PrefixPair>& pairs) {
    const PrefixPair* longest = nullptr;
    for (const PrefixPair& each : pairs) {
        if (!path.starts_with(each.from) || (longest != nullptr && each.from.size() <= longest->from.size())) continue;
        if (path.size() == each.from.size() || path[each.from.size()] == '/') longest = &each;
    }
    return longest;
}

}  // namespace reseal::relocate
