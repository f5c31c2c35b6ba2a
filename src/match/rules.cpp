// SPDX-License-Identifier: BSL-1.0
#include <reseal/rules.hpp>

#include <reseal/error.hpp>

#include "match/index.hpp"

namespace reseal {
namespace {

std::vector<Rule> counted(std::vector<Rule> rules) {
    if (rules.size() > Rules::max_count)
        throw Error(ErrorCode::rules, std::to_string(rules.size()) + " rules; at most " + std::to_string(Rules::max_count));
    return rules;
}

}  // namespace

Rules::Rules() : Rules(std::vector<Rule>{}) {}
Rules::Rules(std::vector<Rule> rules) : index_(std::make_shared<const match::Index>(counted(std::move(rules)))) {}

std::size_t Rules::longest() const { return index_->longest(); }
const std::vector<Rule>& Rules::rules() const { return index_->rules(); }

}  // namespace reseal
