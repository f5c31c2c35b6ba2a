// SPDX-License-Identifier: BSL-1.0
#include "match/check.hpp"

#include <algorithm>
#include <numeric>
#include <reseal/error.hpp>

namespace reseal::match {

std::string fault(const Rule& rule) {
    if (rule.from.empty()) return "nothing to replace: the first part is empty";
    if (rule.from.size() != rule.to.size())
        return "lengths differ: " + std::to_string(rule.from.size()) + " bytes by " + std::to_string(rule.to.size());
    return {};
}

void check(const std::vector<Rule>& rules) {
    auto number = [](std::size_t i) { return "rule " + std::to_string(i + 1); };
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (std::string what = fault(rules[i]); !what.empty()) throw Error(ErrorCode::rules, number(i) + ": " + what);

    std::vector<std::size_t> order(rules.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        int by_bytes = rules[a].from.compare(rules[b].from);
        return by_bytes != 0 ? by_bytes < 0 : a < b;
    });
    for (std::size_t i = 1; i < order.size(); ++i)
        if (rules[order[i]].from == rules[order[i - 1]].from)
            throw Error(ErrorCode::rules, number(order[i]) + ": replaces the same bytes as " + number(order[i - 1]));
}

}  // namespace reseal::match
