// SPDX-License-Identifier: BSL-1.0
#include "match/dictionary.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace reseal::match {

Dictionary::Dictionary(const std::vector<Rule>& rules, Window window)
    : rules_(&rules),
      window_(window),
      back_(window.length - std::min<std::size_t>(window.length, 8)),
      mask_(first_bytes(std::min<std::size_t>(window.length, 8))),
      keys_(rules.size()),
      repeats_(rules),
      groups_(std::bit_ceil(2 * rules.size())) {
    std::vector<std::uint64_t> keys(rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        keys[i] = key(std::string_view(rules[i].from).substr(window.offset));
        keys_.insert(keys[i]);
    }
    std::vector<std::uint32_t> order(rules.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return keys[a] != keys[b] ? keys[a] < keys[b] : rules[a].from < rules[b].from;
    });

    nodes_.reserve(rules.size());
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
        const std::uint64_t shared = keys[order[begin]];
        for (; end < order.size() && keys[order[end]] == shared; ++end) {
            nodes_.push_back({order[end], none, none, 0});
            link(static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(begin));
        }
        const_cast<Group&>(group(shared)) = {shared, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }
}

// Ancestors of a rule follow each other in sorted order, so the parent is the rule before or one of that rule's ancestors.
// Jumps are spaced like the digits of a skewed binary number: with them any ancestor is O(log depth) steps away.
void Dictionary::link(std::uint32_t node, std::uint32_t group_begin) {
    if (node == group_begin) return;
    const std::string& from = (*rules_)[nodes_[node].rule].from;
    std::uint32_t parent = node - 1;
    while (parent != none && !std::string_view(from).starts_with((*rules_)[nodes_[parent].rule].from))
        parent = nodes_[parent].parent;
    if (parent == none) return;
    const Node& above = nodes_[parent];
    std::uint32_t jump = parent;
    if (above.jump != none && nodes_[above.jump].jump != none &&
        above.depth - nodes_[above.jump].depth == nodes_[above.jump].depth - nodes_[nodes_[above.jump].jump].depth)
        jump = nodes_[above.jump].jump;
    nodes_[node].parent = parent;
    nodes_[node].jump = jump;
    nodes_[node].depth = above.depth + 1;
}

const Dictionary::Group& Dictionary::group(std::uint64_t key) const {
    const std::size_t mask = groups_.size() - 1;
    std::size_t slot = (key * 0x9e3779b97f4a7c15 >> 32) & mask;
    while (groups_[slot].end != 0 && groups_[slot].key != key) slot = (slot + 1) & mask;
    return groups_[slot];
}

std::size_t Dictionary::common(std::uint32_t node, std::string_view text, std::size_t place, Repeats::Seen& seen) const {
    if (repeats_.repeats(nodes_[node].rule)) return repeats_.common(nodes_[node].rule, text, place, seen);
    return common_bytes((*rules_)[nodes_[node].rule].from, text.substr(place));
}

bool Dictionary::sorts_behind(std::uint32_t node, std::string_view text, std::size_t place, Repeats::Seen& seen) const {
    const std::string_view from = (*rules_)[nodes_[node].rule].from;
    const std::string_view rest = text.substr(place);
    if (!repeats_.repeats(nodes_[node].rule)) return from > rest;
    const std::size_t same = repeats_.common(nodes_[node].rule, text, place, seen);
    return from.substr(same, 1) > rest.substr(same, 1);
}

std::uint32_t Dictionary::longest_at(std::string_view text, std::size_t place, Repeats::Seen& seen) const {
    const Group& candidates = group(key(text.substr(place + window_.offset)));
    if (candidates.end == 0) return none;
    // The last rule that does not sort behind the text: every rule the text begins with is that one or an ancestor of it.
    std::uint32_t low = candidates.begin;
    for (std::uint32_t high = candidates.end; high - low > 1;) {
        std::uint32_t middle = low + (high - low) / 2;
        if (sorts_behind(middle, text, place, seen)) high = middle;
        else low = middle;
    }
    const std::size_t same = common(low, text, place, seen);
    std::uint32_t node = low;
    while (node != none && length(node) > same) {
        std::uint32_t jump = nodes_[node].jump;
        node = jump != none && length(jump) > same ? jump : nodes_[node].parent;
    }
    return node == none ? none : nodes_[node].rule;
}

}  // namespace reseal::match
