// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/rules.hpp>
#include <string>

namespace reseal::rules_test {
namespace {

std::string fault(std::vector<Rule> rules) {
    try {
        Rules compiled(std::move(rules));
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::rules);
        return error.what();
    }
    return {};
}

std::vector<Rule> numbered(std::size_t count) {
    std::vector<Rule> rules;
    for (std::size_t i = 0; i < count; ++i) rules.push_back({std::to_string(1'000'000 + i), std::to_string(2'000'000 + i)});
    return rules;
}

}  // namespace

TEST_CASE("an empty from is an error, not an endless number of matches") {
    CHECK(fault({{"a", "b"}, {"", ""}}) == "rule 2: nothing to replace: the first part is empty");
    CHECK(fault({{"", "b"}}) == "rule 1: nothing to replace: the first part is empty");
}

TEST_CASE("unequal lengths are an error that names both") {
    CHECK(fault({{"a", "b"}, {"abc", "abcde"}}) == "rule 2: lengths differ: 3 bytes by 5");
    CHECK(fault({{"abc", ""}}) == "rule 1: lengths differ: 3 bytes by 0");
}

TEST_CASE("a repeated from is an error that names both rules, with the same to as well") {
    CHECK(fault({{"x", "y"}, {"ab", "cd"}, {"z", "u"}, {"ab", "ef"}}) == "rule 4: replaces the same bytes as rule 2");
    CHECK(fault({{"ab", "cd"}, {"ab", "cd"}}) == "rule 2: replaces the same bytes as rule 1");
}

TEST_CASE("10,000 rules are allowed, one more is not") {
    CHECK(fault(numbered(10'000)).empty());
    CHECK(fault(numbered(10'001)) == "10001 rules; at most 10000");
}

TEST_CASE("rules keep their order, know their longest and are shared by copies") {
    Rules rules({{"zz", "yy"}, {"abc", "xyz"}, {"a", "b"}});
    REQUIRE(rules.size() == 3);
    CHECK(rules[0] == Rule{"zz", "yy"});
    CHECK(rules[2] == Rule{"a", "b"});
    CHECK(rules.longest() == 3);
    CHECK(&std::vector<Rules>(2, rules).back().index() == &rules.index());
    CHECK(Rules({{"ab", "cd"}})[0] == Rule{"ab", "cd"});
    CHECK(Rules().empty());
    CHECK(Rules().longest() == 0);
}

}  // namespace reseal::rules_test
