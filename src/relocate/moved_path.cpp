// SPDX-License-Identifier: BSL-1.0
#include "relocate/moved_path.hpp"

namespace reseal::relocate {
namespace {

bool leads_into(std::string_view path, std::string_view prefix) {
    if (prefix.empty() || !path.starts_with(prefix)) return false;
    return prefix.ends_with('/') || path.size() == prefix.size() || path[prefix.size()] == '/';
}

}  // namespace

const PrefixPair* moved_by(std::string_view path, std::span<const PrefixPair> pairs) {
    const PrefixPair* longest = nullptr;
    for (const PrefixPair& each : pairs)
        if (leads_into(path, each.from) && (longest == nullptr || each.from.size() > longest->from.size())) longest = &each;
    return longest;
}

}  // namespace reseal::relocate
