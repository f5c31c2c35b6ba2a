// SPDX-License-Identifier: BSL-1.0
#pragma once
// Rules that hit: what they look for is picked out of the payload itself, so that edits fall into headers, tables and slots.
#include <reseal/options.hpp>
#include <reseal/rules.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/feed.hpp"

namespace fuzz {

struct Picked {
    std::vector<reseal::Rule> rules;
    reseal::Options options;
    std::string_view payload;
};

inline std::string altered(std::string from, std::uint8_t how) {
    switch (how & 3) {
        case 0: break;  // the same bytes
        case 1: from[(how >> 2) % from.size()] ^= static_cast<char>(0x21); break;
        case 2: std::reverse(from.begin(), from.end()); break;
        default: std::rotate(from.begin(), from.begin() + 1, from.end()); break;
    }
    return from;
}

/// A byte for the options, one for the number of rules, four for each of up to eight rules, then the payload.
inline Picked pick(Feed& feed) {
    Picked out;
    std::uint8_t options = feed.u8();
    out.options.cms = static_cast<reseal::CmsPolicy>((options & 3) % 3);
    out.options.stale = static_cast<reseal::StalePolicy>(options >> 2 & 1);
    out.options.positions = true;
    struct Pick {
        std::size_t at, length;
        std::uint8_t how;
    };
    std::vector<Pick> picks(feed.below(9));
    for (Pick& pick : picks) {
        pick.at = feed.u16();
        pick.length = 1 + feed.below(64);
        pick.how = feed.u8();
    }
    out.payload = feed.rest();
    std::set<std::string> seen;
    for (const Pick& pick : picks) {
        if (out.payload.empty()) break;
        std::string from(out.payload.substr(pick.at % out.payload.size(), pick.length));
        if (seen.insert(from).second) out.rules.push_back({from, altered(from, pick.how)});
    }
    return out;
}

}  // namespace fuzz
