// SPDX-License-Identifier: BSL-1.0
#pragma once
// Finds the longest rule that stands at a place, where a look at two words of the window leaves it possible that one does.
// Rules are grouped by those words; a group is searched by halves, so that rules with a long beginning in common do not cost
// a comparison each.
#include <cstdint>
#include <reseal/rules.hpp>
#include <string_view>
#include <vector>

#include "match/filter.hpp"
#include "match/repeats.hpp"
#include "match/window.hpp"

namespace reseal::match {

class Dictionary {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// `rules` must outlive the dictionary and not move.
    Dictionary(const std::vector<Rule>& rules, Window window);

    /// Whether this may be the window of a rule. All its bytes must be there, and eight at least.
    bool may_stand(const char* window) const { return keys_.may_hold(key(load_word(window), load_word(window + back_))); }
    /// The index of the longest rule that stands at text[place], or none. The window must be there. Compares at most as many
    /// rules as it takes to halve a group until one is left, each as far as Repeats says.
    std::uint32_t longest_at(std::string_view text, std::size_t place, Repeats::Seen& seen) const;

    const Repeats& repeats() const { return repeats_; }

private:
    std::uint64_t key(std::uint64_t front, std::uint64_t back) const {
        return (front & mask_) * 0xd6e8feb86659fd93 ^ (back & mask_);
    }
    std::uint64_t key(std::string_view window) const { return key(load_word(window), load_word(window.substr(back_))); }

    // A rule in its group, in the order of the bytes of *from*. Those it begins with, of the same group, are its ancestors: the
    // nearest (parent), and one further up such that any ancestor is reached in few steps.
    struct Node {
        std::uint32_t rule;
        std::uint32_t parent;
        std::uint32_t jump;
        std::uint32_t depth;
    };
    struct Group {
        std::uint64_t key = 0;
        std::uint32_t begin = 0;
        std::uint32_t end = 0;  // 0: no group
    };

    bool sorts_behind(std::uint32_t node, std::string_view text, std::size_t place, Repeats::Seen& seen) const;
    std::size_t common(std::uint32_t node, std::string_view text, std::size_t place, Repeats::Seen& seen) const;
    std::size_t length(std::uint32_t node) const { return (*rules_)[nodes_[node].rule].from.size(); }
    void link(std::uint32_t node, std::uint32_t group_begin);
    const Group& group(std::uint64_t key) const;

    const std::vector<Rule>* rules_;
    Window window_;
    std::size_t back_;    // where the window's last eight bytes begin
    std::uint64_t mask_;  // for windows of less than eight bytes
    Filter keys_;
    Repeats repeats_;
    std::vector<Node> nodes_;
    std::vector<Group> groups_;  // open addressing
};

}  // namespace reseal::match
