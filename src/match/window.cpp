// SPDX-License-Identifier: BSL-1.0
#include "match/window.hpp"

#include <algorithm>
#include <cmath>

namespace reseal::match {
namespace {

constexpr std::size_t longest_stride = 64;
constexpr std::size_t offsets_weighed = 256;
constexpr std::size_t rules_sampled = 128;

// How many bytes all rules begin with, at most `limit`.
std::size_t common_prefix(const std::vector<Rule>& rules, std::size_t limit) {
    const std::string& first = rules.front().from;
    for (const Rule& rule : rules) {
        auto end = first.begin() + static_cast<std::ptrdiff_t>(limit);
        limit = static_cast<std::size_t>(std::mismatch(first.begin(), end, rule.from.begin()).first - first.begin());
    }
    return limit;
}

// For each offset in [begin, end) the share of the sampled rules whose gram there is another rule's too.
std::vector<double> shared_grams(const std::vector<Rule>& rules, std::size_t begin, std::size_t end, std::size_t gram) {
    const std::size_t step = (rules.size() + rules_sampled - 1) / rules_sampled;
    std::vector<double> shared;
    std::vector<std::uint64_t> grams;
    for (std::size_t offset = begin; offset < end; ++offset) {
        grams.clear();
        for (std::size_t i = 0; i < rules.size(); i += step)
            grams.push_back(load_word(std::string_view(rules[i].from).substr(offset, gram)));
        const auto count = static_cast<double>(grams.size());
        std::sort(grams.begin(), grams.end());
        auto distinct = static_cast<double>(std::unique(grams.begin(), grams.end()) - grams.begin());
        shared.push_back(1 - distinct / count);
    }
    return shared;
}

struct Choice {
    Window window;
    double cost = 0;
};

// The best window for grams of one length that begins at [begin, end), by nanoseconds per byte: a probe every stride, and a
// look at the starts behind it where the filter holds the gram. That is when bytes of four bits of chance each meet a gram
// of ours, or where they are not by chance: grams that many rules share ("/nix/sto", "-python3") will stand all over the
// streams these rules are for, every hundred bytes, say. So a short stride over distinctive grams is better than a long one
// over common ones, and a short gram, which makes the stride longer, is good only as long as it stays rare.
Choice best_window(const std::vector<Rule>& rules, std::size_t begin, std::size_t end, std::size_t gram) {
    const std::vector<double> shared = shared_grams(rules, begin, end, gram);
    const double by_chance = static_cast<double>(rules.size()) / std::exp2(4 * static_cast<double>(gram));
    Choice best;
    for (std::size_t from = begin; from < end; ++from) {
        double sightings = 0;
        for (std::size_t stride = 1; stride <= std::min(longest_stride, end - from); ++stride) {
            const auto starts = static_cast<double>(stride);
            sightings += 0.01 * shared[from + stride - 1 - begin];
            const double hit = std::min(1.0, sightings + by_chance * starts);
            const double cost = (1 + hit * (10 + starts / 2)) / starts;
            if (best.cost == 0 || cost < best.cost) best = {{from, stride + gram - 1, gram}, cost};
        }
    }
    return best;
}

}  // namespace

Window choose_window(const std::vector<Rule>& rules) {
    std::size_t shortest = rules.front().from.size();
    for (const Rule& rule : rules) shortest = std::min(shortest, rule.from.size());
    const std::size_t common = rules.size() > 1 ? common_prefix(rules, shortest) : 0;

    Choice best;
    for (std::size_t gram = 1; gram <= std::min<std::size_t>(shortest, 8); ++gram) {
        const std::size_t last = shortest - gram;
        const std::size_t begin = std::min(last, common - std::min(common, gram - 1));
        Choice choice = best_window(rules, begin, std::min(last + 1, begin + offsets_weighed), gram);
        if (best.cost == 0 || choice.cost <= best.cost) best = choice;
    }
    return best.window;
}

}  // namespace reseal::match
