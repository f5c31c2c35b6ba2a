// SPDX-License-Identifier: BSL-1.0
#pragma once
// A set of pairs compiled for searching once: rules that replace every prefix, in every encoding, by itself, so that the search
// finds where they stand and changes nothing; what goes there instead is decided later.
#include <cstddef>
#include <optional>
#include <reseal/prefixes.hpp>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

#include "relocate/encoding.hpp"

namespace reseal::relocate {

/// What one rule stands for: one *from* in one encoding, which is the rule's *from*.
struct Needle {
    std::size_t pair = 0;
    Encoding encoding = Encoding::utf8;
    std::string to;  ///< in that encoding
};

class PrefixIndex {
public:
    /// As Prefixes' constructor.
    PrefixIndex(std::vector<PrefixPair> pairs, PrefixOptions options);

    const std::vector<PrefixPair>& pairs() const { return pairs_; }
    const PrefixOptions& options() const { return options_; }
    /// Those of binary files: all encodings.
    const Rules& rules() const { return rules_; }
    /// Those of text files: rule i is pair i.
    const Rules& text_rules() const { return text_rules_; }
    const Needle& needle(std::size_t rule) const { return needles_[rule]; }
    /// The rule of a pair in an encoding; nothing where it is not sought so.
    std::optional<std::size_t> rule_of(std::size_t pair, Encoding encoding) const;
    /// The longest rule that stands at the beginning of this one and is shorter; its own number where there is none.
    std::size_t shorter(std::size_t rule) const { return shorter_[rule]; }

private:
    static constexpr std::size_t none = ~std::size_t{0};

    std::vector<PrefixPair> pairs_;
    PrefixOptions options_;
    std::vector<Needle> needles_;
    std::vector<std::size_t> shorter_;
    std::vector<std::size_t> rule_of_;  // by encoding, then pair; `none` where there is none
    Rules rules_, text_rules_;
};

}  // namespace reseal::relocate
