// SPDX-License-Identifier: BSL-1.0
#include "match/index.hpp"

#include <algorithm>
#include <bit>

#include "match/check.hpp"

namespace reseal::match {

Index::Index(std::vector<Rule> rules) : rules_(std::move(rules)) {
    check(rules_);
    if (rules_.empty()) return;
    for (const Rule& rule : rules_) longest_ = std::max(longest_, rule.from.size());
    window_ = choose_window(rules_);
    grams_.emplace(rules_.size() * window_->stride(), 32, 15, 22);
    for (const Rule& rule : rules_)
        for (std::size_t i = 0; i < window_->stride(); ++i)
            grams_->insert(load_gram(rule.from.data() + window_->offset + i, window_->gram));
    dictionary_.emplace(rules_, *window_);
}

// Windows that begin in [window, window + stride) all hold the gram at window + stride - 1, so one probe speaks for all of
// them; stepping by the stride leaves no window out. Places only grow, so the first match is the leftmost.
template <class Gram>
std::optional<Match> Index::search(std::string_view text, std::size_t from, std::size_t to) const {
    if (from >= to || text.size() < window_->length) return {};
    const std::size_t stride = window_->stride();
    const std::size_t offset = window_->offset;
    const std::size_t last = std::min(to - 1 + offset, text.size() - window_->length);
    const Filter& grams = *grams_;
    const char* const probe = text.data() + stride - 1;
    for (std::size_t window = from + offset; window <= last; window += stride) {
        if (!grams.may_hold(load_gram(probe + window, sizeof(Gram)))) continue;
        const std::size_t end = std::min(window + stride - 1, last);
        for (std::size_t i = window; i <= end; ++i) {
            if (!dictionary_->may_stand(text.data() + i)) continue;
            std::uint32_t rule = dictionary_->longest_at(text.substr(i - offset));
            if (rule != Dictionary::none) return Match{i - offset, rule};
        }
    }
    return {};
}

std::optional<Match> Index::find(std::string_view text, std::size_t from, std::size_t to) const {
    if (rules_.empty()) return {};
    switch (window_->gram) {
        case 8: return search<std::uint64_t>(text, from, to);
        case 4: return search<std::uint32_t>(text, from, to);
        case 2: return search<std::uint16_t>(text, from, to);
        default: return search<std::uint8_t>(text, from, to);
    }
}

}  // namespace reseal::match
