// SPDX-License-Identifier: BSL-1.0
#include "match/repeats.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace reseal::match {

std::size_t common_bytes(std::string_view one, std::string_view other) {
    const std::size_t most = std::min(one.size(), other.size());
    return static_cast<std::size_t>(
        std::mismatch(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(most), other.begin()).first - one.begin());
}

namespace {

// For each place how many bytes from there on are those that `text` begins with.
std::vector<std::uint32_t> agreements(std::string_view text) {
    std::vector<std::uint32_t> out(text.size());
    for (std::size_t place = 1, begin = 0, end = 0; place < text.size(); ++place) {
        std::size_t common = place < end ? std::min<std::size_t>(end - place, out[place - begin]) : 0;
        if (place + common >= end) {
            common += common_bytes(text.substr(common), text.substr(place + common));
            begin = place;
            end = place + common;
        }
        out[place] = static_cast<std::uint32_t>(common);
    }
    return out;
}

}  // namespace

Repeats::Repeats(const std::vector<Rule>& rules) : rules_(&rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const std::string& from = rules[i].from;
        if (from.size() <= long_repeat || from.size() > std::numeric_limits<std::uint32_t>::max()) continue;
        std::vector<std::uint32_t> found = agreements(from);
        if (*std::max_element(found.begin(), found.end()) < long_repeat) continue;
        if (number_.empty()) number_.assign(rules.size(), none);
        number_[i] = static_cast<std::uint32_t>(agreements_.size());
        agreements_.push_back(std::move(found));
    }
}

std::size_t Repeats::common(std::uint32_t rule, std::string_view text, std::size_t place, Seen& seen) const {
    const std::string_view from = (*rules_)[rule].from;
    Seen::Agreement& last = seen.agreed_[number_[rule]];
    std::size_t common = 0;
    if (place >= last.begin && place < last.end) {
        // The rest of what agreed then is a part of the rule, of which we know how it compares with the beginning: it differs
        // within the rest, or the text differs behind it, or both agree and the text has to tell.
        const std::size_t rest = last.end - place;
        if (place == last.begin) return rest;
        const std::size_t known = agreements_[number_[rule]][place - last.begin];
        if (known != rest) return std::min(known, rest);
        common = rest;
    }
    const std::size_t more = common_bytes(from.substr(common), text.substr(place + common));
    seen.compared_ += more;
    common += more;
    last = {place, place + common};
    return common;
}

}  // namespace reseal::match
