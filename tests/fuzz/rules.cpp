// SPDX-License-Identifier: BSL-1.0
// A rules file of any bytes is refused with an Error that says so, or means what it means when it is written out again.
#include <reseal/error.hpp>
#include <reseal/rules.hpp>

#include "fuzz/feed.hpp"

namespace {

/// Every byte escaped: the same rules, whatever they hold.
std::string written_out(const std::vector<reseal::Rule>& rules) {
    static const char digits[] = "0123456789abcdef";
    std::string text;
    auto escape = [&](const std::string& bytes) {
        for (char byte : bytes) {
            auto value = static_cast<unsigned char>(byte);
            text += {'\\', 'x', digits[value >> 4], digits[value & 15]};
        }
    };
    for (const reseal::Rule& rule : rules) {
        escape(rule.from);
        text += '\t';
        escape(rule.to);
        text += '\n';
    }
    return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        std::vector<reseal::Rule> parsed = reseal::parse_rules(text, "fuzzed");
        fuzz::require(reseal::parse_rules(written_out(parsed), "again") == parsed, "rules change when they are written out");
        const reseal::Rules rules(parsed);
        fuzz::require(rules.rules() == parsed, "a set of rules is not what it was made of");
        std::size_t longest = 0;
        for (const reseal::Rule& rule : parsed) {
            fuzz::require(rule.from.size() == rule.to.size() && !rule.from.empty(), "an unequal or empty rule was taken");
            longest = std::max(longest, rule.from.size());
        }
        fuzz::require(rules.longest() == longest, "the longest rule is not the longest");
    } catch (const reseal::Error& error) {
        fuzz::require(error.error() == reseal::ErrorCode::rules, "an error that is not about rules");
        fuzz::require(error.what()[0] != '\0', "an error without a word");
    }
    return 0;
}
