// SPDX-License-Identifier: BSL-1.0
#include "plainly_moved.hpp"

#include <algorithm>

#include "support/substitute.hpp"

using namespace reseal;

namespace support {
namespace {

struct Hit {
    std::size_t at;
    std::string from, to;
    std::size_t nul;  // npos: none
    std::size_t room() const { return from.size() - to.size(); }
};

std::vector<Hit> hits_in(std::string_view input, const std::vector<PrefixPair>& pairs) {
    std::vector<Rule> rules;
    for (const PrefixPair& each : pairs) rules.push_back({each.from, each.from});
    std::vector<Hit> hits;
    for (const auto& [at, rule] : substitute(rules, input).edits)
        hits.push_back({at, pairs[rule].from, pairs[rule].to, input.find('\0', at + pairs[rule].from.size())});
    return hits;
}

std::optional<std::string> by_slashes(std::string out, const std::vector<Hit>& hits) {
    const std::string input = out;
    for (const Hit& hit : hits) {
        const std::size_t behind = hit.at + hit.from.size();
        const bool goes_on = behind == input.size() ||
                             std::string_view("/\0:;\"'` \t\n\v\f\r", 13).find(input[behind]) != std::string::npos ||
                             hit.from.back() == '/';
        const std::string slashes(hit.room(), '/');
        out.replace(hit.at, hit.from.size(), goes_on ? hit.to + slashes : slashes + hit.to);
    }
    return out;
}

std::optional<std::string> by_nuls(const std::string& input, const std::vector<Hit>& hits, Tail tail) {
    std::string out;
    std::size_t at = 0;  // in the input
    for (std::size_t i = 0; i < hits.size();) {
        std::size_t end = hits[i].nul;
        std::size_t last = i;
        while (last < hits.size() && hits[last].nul == end) ++last;
        const bool moves = end != std::string::npos || tail == Tail::patched;
        if (end == std::string::npos) end = input.size();
        out += input.substr(at, hits[i].at - at);
        at = hits[i].at;
        std::size_t free = 0;
        for (; i < last; ++i) {
            out += input.substr(at, hits[i].at - at);
            at = hits[i].at + hits[i].from.size();
            if (moves) {
                out += hits[i].to;
                free += hits[i].room();
            } else if (tail == Tail::slash) {
                out += std::string(hits[i].room(), '/') + hits[i].to;
            } else {
                out += hits[i].from;
            }
        }
        out += input.substr(at, end - at) + std::string(free, '\0');
        at = end;
    }
    return out + input.substr(at);
}

std::optional<std::string> by_spack(std::string out, const std::vector<Hit>& hits) {
    const std::string input = out;
    std::size_t taken = 0;
    for (const Hit& hit : hits) {
        if (hit.at < taken) continue;
        const std::size_t behind = hit.at + hit.from.size();
        std::string placed = std::string(hit.room(), '/') + hit.to;
        if (hit.nul != std::string::npos && hit.nul - behind <= 7) {
            taken = hit.nul + 1;
            const std::string suffix = input.substr(behind, hit.nul - behind);
            const auto last = [&](std::string text) {
                text += suffix;
                return text.substr(text.size() - std::min<std::size_t>(text.size(), 7));
            };
            if (last(hit.from) != last(hit.to)) {
                if (hit.room() <= 7) return {};
                placed = hit.to + suffix + '\0';
                placed += hit.from.substr(placed.size());
            }
        }
        out.replace(hit.at, hit.from.size(), placed);
    }
    return out;
}

}  // namespace

std::optional<std::string> plainly_moved(std::string_view input, const std::vector<PrefixPair>& pairs,
                                         const PrefixOptions& options) {
    const std::vector<Hit> hits = hits_in(input, pairs);
    for (const Hit& hit : hits) {
        const bool left = options.padding == Padding::nul && options.tail == Tail::left && hit.nul == std::string::npos;
        if (hit.to.size() > hit.from.size() && !left) return {};
        if (options.padding == Padding::refuse && hit.room() > 0) return {};
    }
    if (options.padding == Padding::nul) return by_nuls(std::string(input), hits, options.tail);
    if (options.padding == Padding::spack) return by_spack(std::string(input), hits);
    return by_slashes(std::string(input), hits);
}

}  // namespace support
