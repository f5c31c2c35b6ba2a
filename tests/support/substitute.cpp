// SPDX-License-Identifier: BSL-1.0
#include "support/substitute.hpp"

namespace support {

Substituted substitute(const std::vector<reseal::Rule>& rules, std::string_view input) {
    Substituted out;
    while (out.bytes.size() < input.size()) {
        const std::size_t at = out.bytes.size();
        std::size_t best = rules.size();
        for (std::size_t i = 0; i < rules.size(); ++i)
            if (input.substr(at).starts_with(rules[i].from) &&
                (best == rules.size() || rules[i].from.size() > rules[best].from.size()))
                best = i;
        if (best == rules.size()) {
            out.bytes += input[at];
        } else {
            out.edits.emplace_back(at, best);
            out.bytes += rules[best].to;
        }
    }
    return out;
}

}  // namespace support
