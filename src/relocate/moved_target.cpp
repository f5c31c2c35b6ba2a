// SPDX-License-Identifier: BSL-1.0
#include "relocate/moved_target.hpp"

namespace reseal::relocate {
namespace {

bool leads_into(std::string_view target, std::string_view prefix) {
    if (prefix.empty() || !target.starts_with(prefix)) return false;
    return prefix.ends_with('/') || target.size() == prefix.size() || target[prefix.size()] == '/';
}

}  // namespace

const PrefixPair* leading_prefix(std::string_view target, std::span<const PrefixPair> pairs) {
    const PrefixPair* best = nullptr;
    for (const PrefixPair& each : pairs)
        if (leads_into(target, each.from) && (best == nullptr || each.from.size() > best->from.size())) best = &each;
    return best;
}

std::optional<std::string> moved_target(std::string_view target, std::span<const PrefixPair> pairs) {
    const PrefixPair* pair = leading_prefix(target, pairs);
    if (pair == nullptr) return {};
    std::string moved = pair->to;
    moved += target.substr(pair->from.size());
    if (moved == target) return {};
    return moved;
}

}  // namespace reseal::relocate
