// SPDX-License-Identifier: BSL-1.0
#include "relocate/prefix_index.hpp"

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <unordered_set>

namespace reseal {
namespace relocate {
namespace {

void check(const std::string& prefix, std::size_t number) {
    const auto fail = [&](const std::string& what) {
        throw Error(ErrorCode::rules, std::string("prefix ") + std::to_string(number) + ": " + what);
    };
    if (prefix.size() > Prefixes::max_length)
        fail(std::to_string(prefix.size()) + " bytes, more than " + std::to_string(Prefixes::max_length));
    if (prefix.find('\0') != std::string::npos) fail("holds a NUL");
}

/// Each *from* once, every `to` normal.
std::vector<PrefixPair> checked(std::vector<PrefixPair> pairs) {
    if (pairs.size() > Prefixes::max_count)
        throw Error(ErrorCode::rules,
                    std::to_string(pairs.size()) + " prefixes; at most " + std::to_string(Prefixes::max_count));
    std::vector<PrefixPair> out;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        PrefixPair& pair = pairs[i];
        if (pair.from.empty()) throw Error(ErrorCode::rules, "prefix " + std::to_string(i + 1) + ": nothing to replace");
        pair.to = normal_prefix(pair.to);
        if (pair.from.ends_with('/') && pair.to.starts_with('/') && !pair.to.ends_with('/')) pair.to += '/';
        check(pair.from, i + 1);
        check(pair.to, i + 1);
        const auto [place, fresh] = seen.emplace(pair.from, out.size());
        if (fresh) out.push_back(std::move(pair));
        else if (out[place->second].to != pair.to)
            throw Error(ErrorCode::rules, std::string("the prefix ") + pair.from + " would go to " + out[place->second].to +
                                              " and to " + pair.to);
    }
    return out;
}

/// For each rule the longest that it begins with, by their order as bytes: what a text begins with stands before it.
std::vector<std::size_t> shorter_ones(const std::vector<Rule>& rules) {
    std::vector<std::size_t> order(rules.size()), shorter(rules.size()), open;
    for (std::size_t i = 0; i < rules.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rules[a].from < rules[b].from; });
    for (std::size_t rule : order) {
        while (!open.empty() && !rules[rule].from.starts_with(rules[open.back()].from)) open.pop_back();
        shorter[rule] = open.empty() ? rule : open.back();
        open.push_back(rule);
    }
    return shorter;
}

}  // namespace

PrefixIndex::PrefixIndex(std::vector<PrefixPair> pairs, PrefixOptions options)
    : pairs_(checked(std::move(pairs))), options_(options) {
    std::vector<Rule> rules, text;
    std::unordered_set<std::string> known;
    rule_of_.assign(all_encodings.size() * pairs_.size(), none);
    for (Encoding encoding : all_encodings) {
        if (encoding != Encoding::utf8 && !options.wide) break;
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            std::optional<std::string> from = encode(pairs_[i].from, encoding), to = encode(pairs_[i].to, encoding);
            if (!from || !to || !known.insert(*from).second) continue;  // the same bytes may be two texts: the first stands
            if (encoding == Encoding::utf8) text.push_back({*from, *from});
            rule_of_[static_cast<std::size_t>(encoding) * pairs_.size() + i] = rules.size();
            rules.push_back({*from, *from});
            needles_.push_back({i, encoding, std::move(*to)});
        }
    }
    shorter_ = shorter_ones(rules);
    rules_ = Rules(std::move(rules));
    text_rules_ = Rules(std::move(text));
}

std::optional<std::size_t> PrefixIndex::rule_of(std::size_t pair, Encoding encoding) const {
    if (pair >= pairs_.size()) return {};
    const std::size_t rule = rule_of_[static_cast<std::size_t>(encoding) * pairs_.size() + pair];
    return rule == none ? std::nullopt : std::optional(rule);
}

}  // namespace relocate

Prefixes::Prefixes() : Prefixes({}, {}) {}
Prefixes::Prefixes(std::vector<PrefixPair> pairs, PrefixOptions options)
    : index_(std::make_shared<const relocate::PrefixIndex>(std::move(pairs), options)) {}

const std::vector<PrefixPair>& Prefixes::pairs() const { return index_->pairs(); }
const PrefixOptions& Prefixes::options() const { return index_->options(); }

std::string normal_prefix(std::string_view path) {
    if (!path.starts_with('/')) return std::string(path);
    std::string out;
    for (char c : path)
        if (c != '/' || !out.ends_with('/')) out += c;
    if (out.size() > 1 && out.ends_with('/')) out.pop_back();
    return out;
}

}  // namespace reseal
