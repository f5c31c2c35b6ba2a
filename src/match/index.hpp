// SPDX-License-Identifier: BSL-1.0
#pragma once
// The rule set, checked and compiled for searching once. It never changes, so any number of streams may search with it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <reseal/rules.hpp>
#include <string_view>
#include <vector>

#include "match/dictionary.hpp"
#include "match/filter.hpp"
#include "match/window.hpp"

namespace reseal::match {

/// Rule `rule` stands at text[start].
struct Match {
    std::size_t start;
    std::size_t rule;
};

class Index {
public:
    /// Throws Error (ErrorCode::rules) as check() does.
    explicit Index(std::vector<Rule> rules);
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    const std::vector<Rule>& rules() const { return rules_; }
    std::size_t longest() const { return longest_; }

    /// The leftmost place in [from, to) of `text` where a rule stands whole, and the longest that stands there.
    /// It is what the stream's match is if `text` goes on for `longest` bytes from each place, or ends where the stream ends.
    ///
    /// `seen`: of this text, and kept from one search in it to the next.
    std::optional<Match> find(std::string_view text, std::size_t from, std::size_t to, Repeats::Seen& seen) const;
    /// The same without a memory: for a text that is searched once, or rules too short to repeat themselves at length.
    std::optional<Match> find(std::string_view text, std::size_t from, std::size_t to) const;
    Repeats::Seen nothing_seen() const;

private:
    std::optional<Match> at(std::string_view text, std::size_t start, Repeats::Seen& seen) const;
    template <bool gated>
    std::size_t next_held(std::string_view text, std::size_t at, std::size_t end) const;

    std::vector<Rule> rules_;
    std::size_t longest_ = 0;
    // What an empty rule set has no use for.
    std::optional<Window> window_;
    std::optional<Filter> grams_;
    std::uint64_t gram_mask_ = 0;
    // The gate before the filter, where it pays: bits that are the same in every gram, and what they are. Letters and digits
    // share two of each byte, which few words of code have; with 2,000 hash parts programs are searched 1.8 times as fast.
    bool gated_ = false;
    std::uint64_t shared_mask_ = 0;
    std::uint64_t shared_bits_ = 0;
    std::optional<Dictionary> dictionary_;
};

}  // namespace reseal::match
