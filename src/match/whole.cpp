// SPDX-License-Identifier: BSL-1.0
#include "match/whole.hpp"

#include "match/index.hpp"

namespace reseal::match {

std::vector<Edit> substitute(const Rules& rules, std::string& text, std::size_t from, std::size_t size, Repeats::Seen& seen) {
    std::vector<Edit> edits;
    std::size_t at = 0;
    // In place: what was written lies before `at`, where nobody looks again; of what is behind it, all that was seen holds.
    seen.forget();
    while (std::optional<Match> match = rules.index().find(std::string_view(text).substr(from, size), at, size, seen)) {
        const Rule& rule = rules[match->rule];
        edits.push_back({match->start, match->rule});
        text.replace(from + match->start, rule.to.size(), rule.to);
        at = match->start + rule.to.size();
    }
    return edits;
}

}  // namespace reseal::match
