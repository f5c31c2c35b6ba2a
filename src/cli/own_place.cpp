// SPDX-License-Identifier: BSL-1.0
#include "cli/own_place.hpp"

#include <algorithm>

#include "fs/absolute_path.hpp"
#include "package/tree_place.hpp"
#include "relocate/moved_path.hpp"

namespace reseal::cli {
namespace {

std::string carried(const std::string& path, const std::string& from, const std::string& to) {
    const std::size_t rest = path.find_first_not_of('/', from.size());
    return rest == path.npos ? normal_prefix(to) : normal_prefix(to + "/" + path.substr(rest));
}

std::string moved_on(const std::string& path, const std::vector<PrefixPair>& pairs) {
    const PrefixPair* pair = relocate::moved_by(path, pairs);
    return pair == nullptr ? path : carried(path, pair->from, pair->to);
}

std::string place_after(const std::string& place, const std::vector<PrefixPair>& pairs, const package::Memory& memory,
                        const std::vector<std::string>& targets) {
    if (relocate::moved_by(place, pairs) != nullptr) return moved_on(place, pairs);
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (normal_prefix(memory.prefixes[i].settled()) == place) return targets[i];
    return place;
}

}  // namespace

OwnPlace own_place(const std::vector<PrefixPair>& pairs, const std::string& folder,
                   const std::optional<package::Memory>& memory, const std::vector<std::string>& targets) {
    if (memory) {
        const std::vector<std::string> known = package::possible_places(*memory);
        if (known.size() == 1) return {known[0], place_after(known[0], pairs, *memory, targets)};
    }
    const std::string here = normal_prefix(fs::absolute_path(folder));
    for (const PrefixPair& each : pairs)
        if (normal_prefix(each.to) == here) return {normal_prefix(each.from), here};
    if (relocate::moved_by(here, pairs) != nullptr) return {here, moved_on(here, pairs)};
    std::vector<PrefixPair> back;
    for (const PrefixPair& each : pairs) back.push_back({normal_prefix(each.to), normal_prefix(each.from)});
    if (relocate::moved_by(here, back) != nullptr) return {moved_on(here, back), here};
    return {normal_prefix(pairs.front().from), normal_prefix(pairs.front().to)};
}

std::vector<PrefixPair> with_own_place(std::vector<PrefixPair> pairs, const OwnPlace& own) {
    const PrefixPair* pair = relocate::moved_by(own.before, pairs);
    if (pair != nullptr && normal_prefix(pair->from) != own.before && moved_on(own.before, pairs) == own.after)
        pairs.push_back({own.before, own.after});
    return pairs;
}

}  // namespace reseal::cli
