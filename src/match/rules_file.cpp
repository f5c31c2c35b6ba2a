// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/rules.hpp>
#include <unordered_map>
#include <utility>

#include "bytes/hex.hpp"
#include "match/check.hpp"

namespace reseal {
namespace {

// `text` with its escapes resolved; `fault` says what is wrong with one.
std::string unescape(std::string_view text, std::string& fault) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            bytes += text[i];
        } else if (text.substr(i + 1, 1) == "\\") {
            bytes += '\\';
            i += 1;
        } else if (i + 3 < text.size() && text[i + 1] == 'x' && hex_value(text[i + 2]) >= 0 && hex_value(text[i + 3]) >= 0) {
            bytes += static_cast<char>(hex_value(text[i + 2]) * 16 + hex_value(text[i + 3]));
            i += 3;
        } else {
            fault = "a backslash begins \\\\ or \\xNN, nothing else";
            return {};
        }
    }
    return bytes;
}

// What one line that is neither blank nor a comment says; `fault` says why it says nothing.
Rule parse_line(std::string_view line, std::string& fault) {
    std::size_t tab = line.find('\t');
    if (tab == line.npos) fault = "no tab between the two parts";
    else if (line.find('\t', tab + 1) != line.npos) fault = "more than one tab; within a part it is written \\x09";
    if (!fault.empty()) return {};
    Rule rule;
    rule.from = unescape(line.substr(0, tab), fault);
    if (fault.empty()) rule.to = unescape(line.substr(tab + 1), fault);
    if (fault.empty()) fault = match::fault(rule);
    return rule;
}

}  // namespace

std::vector<Rule> parse_rules(std::string_view text, const std::string& name) {
    std::vector<Rule> rules;
    std::unordered_map<std::string, std::size_t> lines;  // by what is replaced
    for (std::size_t number = 1; !text.empty(); ++number) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with('#') || line.find_first_not_of(' ') == line.npos) continue;

        std::string fault;
        Rule rule = parse_line(line, fault);
        if (fault.empty()) {
            auto [earlier, is_new] = lines.emplace(rule.from, number);
            if (!is_new) fault = "replaces the same bytes as line " + std::to_string(earlier->second);
        }
        if (!fault.empty()) throw Error(ErrorCode::rules, "line " + std::to_string(number) + ": " + fault, name);
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace reseal
