// SPDX-License-Identifier: BSL-1.0
#include "relocate/moved_target.hpp"

#include "relocate/moved_path.hpp"

namespace reseal::relocate {

std::optional<std::string> moved_target(std::string_view target, std::span<const PrefixPair> pairs) {
    const PrefixPair* pair = moved_by(target, pairs);
    if (pair == nullptr) return {};
    std::string moved = pair->to;
    moved += target.substr(pair->from.size());
    if (moved == target) return {};
    return moved;
}

}  // namespace reseal::relocate
