// SPDX-License-Identifier: BSL-1.0
#include "match/window.hpp"

#include <algorithm>

namespace reseal::match {
namespace {

constexpr std::size_t longest_stride = 64;
constexpr std::size_t offsets_weighed = 256;
constexpr std::size_t rules_sampled = 512;

// How many bytes all rules begin with, at most `limit`.
std::size_t common_prefix(const std::vector<Rule>& rules, std::size_t limit) {
    const std::string& first = rules.front().from;
    for (const Rule& rule : rules) {
        auto end = first.begin() + static_cast<std::ptrdiff_t>(limit);
        limit = static_cast<std::size_t>(std::mismatch(first.begin(), end, rule.from.begin()).first - first.begin());
    }
    return limit;
}

// For each gram offset in [begin, end) which share of the sampled rules has a gram there that another rule has too.
std::vector<double> shared_grams(const std::vector<Rule>& rules, std::size_t begin, std::size_t end, std::size_t gram) {
    const std::size_t step = (rules.size() + rules_sampled - 1) / rules_sampled;
    std::vector<double> shared;
    std::vector<std::uint64_t> grams;
    for (std::size_t offset = begin; offset < end; ++offset) {
        grams.clear();
        for (std::size_t i = 0; i < rules.size(); i += step) grams.push_back(load_gram(rules[i].from.data() + offset, gram));
        const auto count = static_cast<double>(grams.size());
        std::sort(grams.begin(), grams.end());
        auto distinct = static_cast<double>(std::unique(grams.begin(), grams.end()) - grams.begin());
        shared.push_back(1 - distinct / count);
    }
    return shared;
}

}  // namespace

// Grams that many rules share ("/nix/sto", "-python3") will stand all over the streams these rules are for, and each sighting
// costs a look at stride() starts: a shorter stride over distinctive grams is cheaper than a longer one over common ones.
// The weights are nanoseconds, roughly: a probe, the look that a hit costs, and one sighting of a shared gram in 100 bytes.
Window choose_window(const std::vector<Rule>& rules) {
    std::size_t shortest = rules.front().from.size();
    for (const Rule& rule : rules) shortest = std::min(shortest, rule.from.size());
    const std::size_t gram = shortest >= 16 ? 8 : shortest >= 4 ? 4 : shortest >= 2 ? 2 : 1;

    const std::size_t last = shortest - gram;
    std::size_t begin = 0;
    if (rules.size() > 1) begin = std::min(last, common_prefix(rules, shortest));
    begin -= std::min(begin, gram - 1);
    const std::size_t end = std::min(last + 1, begin + offsets_weighed);
    const std::vector<double> shared = shared_grams(rules, begin, end, gram);

    Window best;
    double best_cost = 0;
    for (std::size_t from = begin; from < end; ++from) {
        double sightings = 0;
        for (std::size_t stride = 1; stride <= std::min(longest_stride, end - from); ++stride) {
            sightings += 0.01 * shared[from + stride - 1 - begin];
            const auto starts = static_cast<double>(stride);
            double cost = (0.5 + sightings * (5 + 0.8 * starts)) / starts;
            if (best_cost == 0 || cost < best_cost) {
                best_cost = cost;
                best = {from, stride + gram - 1, gram};
            }
        }
    }
    return best;
}

}  // namespace reseal::match
