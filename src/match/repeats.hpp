// SPDX-License-Identifier: BSL-1.0
#pragma once
// Comparisons of a text with rules that repeat themselves ("aaaa…b"), which would else see the same bytes of a text like them
// again from every place: what one comparison found out is asked before the next reads on (the Z algorithm).
//
// The bound: no byte of a text is found twice to agree with such a rule. Any other rule agrees with itself, moved by whatever
// distance, in less than long_repeat bytes; so of the places from which it agrees with a text as far as a given byte, all but
// one lie in the long_repeat bytes before that. Neither grows with the length of the rules.
#include <cstddef>
#include <cstdint>
#include <reseal/rules.hpp>
#include <string_view>
#include <vector>

namespace reseal::match {

/// How many bytes both begin with.
std::size_t common_bytes(std::string_view one, std::string_view other);

class Repeats {
public:
    static constexpr std::size_t long_repeat = 64;

    /// What is known of one text. Places must be asked about in their order.
    class Seen {
    public:
        Seen() = default;  // where there are no rules
        explicit Seen(const Repeats& repeats) : agreed_(repeats.agreements_.size()) {}
        /// Another text begins.
        void forget() { agreed_.assign(agreed_.size(), {}); }
        /// Bytes that were found to agree one by one, in all texts.
        std::uint64_t compared() const { return compared_; }

    private:
        friend Repeats;
        struct Agreement {
            std::size_t begin = 0, end = 0;  // text[begin, end) is how the rule begins, and it goes no further
        };
        std::vector<Agreement> agreed_;
        std::uint64_t compared_ = 0;
    };

    /// `rules` must outlive it and not move.
    explicit Repeats(const std::vector<Rule>& rules);

    bool repeats(std::uint32_t rule) const { return !number_.empty() && number_[rule] != none; }
    /// How many bytes text[place…] and `rule`, which repeats itself, have in common.
    std::size_t common(std::uint32_t rule, std::string_view text, std::size_t place, Seen& seen) const;

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    const std::vector<Rule>* rules_;
    std::vector<std::uint32_t> number_;                   // by rule; empty where no rule repeats itself
    std::vector<std::vector<std::uint32_t>> agreements_;  // of such a rule from each of its places on with its beginning
};

}  // namespace reseal::match
