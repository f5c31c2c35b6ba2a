// SPDX-License-Identifier: BSL-1.0
#include "match/index.hpp"

#include <algorithm>
#include <bit>

#include "match/check.hpp"

namespace reseal::match {
namespace {

// Asks for the memory a page further on; that it may lie behind the end is no harm, nothing is read.
void prefetch(const char* here) {
    constexpr std::uintptr_t ahead = 4096;
    __builtin_prefetch(
        reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(here) + ahead));  // NOLINT(performance-no-int-to-ptr)
}

// Short rules are probed for at nearly every place: there the gate costs a third of the speed and spares nothing.
constexpr std::size_t least_gated_stride = 8;

}  // namespace

Index::Index(std::vector<Rule> rules) : rules_(std::move(rules)) {
    check(rules_);
    if (rules_.empty()) return;
    for (const Rule& rule : rules_) longest_ = std::max(longest_, rule.from.size());
    window_ = choose_window(rules_);
    grams_.emplace(rules_.size() * window_->stride());
    gram_mask_ = first_bytes(window_->gram);
    std::uint64_t in_all = gram_mask_, in_any = 0;
    for (const Rule& rule : rules_)
        for (std::size_t i = 0; i < window_->stride(); ++i) {
            const std::uint64_t gram = load_word(std::string_view(rule.from).substr(window_->offset + i, window_->gram));
            grams_->insert(gram);
            in_all &= gram;
            in_any |= gram;
        }
    shared_bits_ = in_all;
    shared_mask_ = (in_all | ~in_any) & gram_mask_;
    gated_ = window_->stride() >= least_gated_stride;
    dictionary_.emplace(rules_, *window_);
}

Repeats::Seen Index::nothing_seen() const { return dictionary_ ? Repeats::Seen(dictionary_->repeats()) : Repeats::Seen(); }

std::optional<Match> Index::find(std::string_view text, std::size_t from, std::size_t to) const {
    Repeats::Seen seen = nothing_seen();
    return find(text, from, to, seen);
}

std::optional<Match> Index::at(std::string_view text, std::size_t start, Repeats::Seen& seen) const {
    const std::uint32_t rule = dictionary_->longest_at(text, start, seen);
    if (rule == Dictionary::none) return {};
    return Match{start, rule};
}

// Steps from `at` by the stride to the first place before `end` where a gram of ours is held; to `end` or past it when there is
// none. Eight bytes must be there at every place before `end`. The gate is one branch for four places, which text passes nearly
// always and code seldom: one for each would be mispredicted in text.
template <bool gated>
std::size_t Index::next_held(std::string_view text, std::size_t at, std::size_t end) const {
    const Filter& grams = *grams_;
    const char* const data = text.data();
    const std::uint64_t mask = gram_mask_, shared_mask = shared_mask_, shared_bits = shared_bits_;
    const auto word = [&](std::size_t place) { return load_word(data + place); };
    const auto shares = [&](std::uint64_t gram) { return static_cast<unsigned>((gram & shared_mask) == shared_bits); };
    const auto held = [&](std::uint64_t gram) { return grams.may_hold(gram & mask); };
    const std::size_t stride = window_->stride();
    // Four at a time: none waits for the one before. The processor's own prefetching ends with the page; asking ahead makes the
    // search of what is not in its caches a third faster.
    const std::size_t fours_end = end - std::min(end, 3 * stride);
    for (; at < fours_end; at += 4 * stride) {
        prefetch(data + at);
        prefetch(data + at + 2 * stride);
        const std::uint64_t first = word(at), second = word(at + stride), third = word(at + 2 * stride);
        const std::uint64_t fourth = word(at + 3 * stride);
        if (gated && (shares(first) | shares(second) | shares(third) | shares(fourth)) == 0) continue;
        if (held(first)) return at;
        if (held(second)) return at + stride;
        if (held(third)) return at + 2 * stride;
        if (held(fourth)) return at + 3 * stride;
    }
    while (at < end && !held(word(at))) at += stride;
    return at;
}

// The windows that begin in [window, window + stride) all hold the gram at the last of these places, so one probe speaks for
// all of them, and stepping by the stride leaves none out. Places only grow: the first match is the leftmost.
//
// Where the gram is one of ours, the windows that reach as far back as half a stride hold the gram there as well, and the
// others the one half a stride ahead: two more probes before the starts are looked at one by one.
std::optional<Match> Index::find(std::string_view text, std::size_t from, std::size_t to, Repeats::Seen& seen) const {
    if (rules_.empty() || from >= to || text.size() < window_->length) return {};
    const std::size_t offset = window_->offset;
    const std::size_t last = std::min(to - 1 + offset, text.size() - window_->length);
    const std::size_t stride = window_->stride();
    const std::size_t half = stride / 2;
    const auto held = [&](std::size_t at) { return grams_->may_hold(load_word(text.data() + at) & gram_mask_); };

    std::size_t window = from + offset;
    // A probe loads eight bytes; where less are left, the starts are looked at without one.
    const std::size_t probes_end = std::min(last + stride, text.size() - std::min<std::size_t>(text.size(), 7));
    while (window + stride - 1 < probes_end) {
        const std::size_t probe = gated_ ? next_held<true>(text, window + stride - 1, probes_end)
                                         : next_held<false>(text, window + stride - 1, probes_end);
        window = probe + 1 - stride;
        if (probe >= probes_end) break;
        const std::size_t begin = held(probe - half) ? window : probe - half + 1;
        const bool ahead = half + 8 > text.size() - probe || held(probe + half);
        const std::size_t end = std::min(ahead ? probe : probe - half, last);
        for (std::size_t i = begin; i <= end; ++i)
            if (dictionary_->may_stand(text.data() + i))
                if (std::optional<Match> match = at(text, i - offset, seen)) return match;
        window += stride;
    }
    for (; window <= last; ++window)
        if (std::optional<Match> match = at(text, window - offset, seen)) return match;
    return {};
}

}  // namespace reseal::match
