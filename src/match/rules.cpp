// SPDX-License-Identifier: BSL-1.0
#include <reseal/rules.hpp>

#include "match/index.hpp"

namespace reseal {

Rules::Rules() : Rules(std::vector<Rule>{}) {}
Rules::Rules(std::vector<Rule> rules) : index_(std::make_shared<const match::Index>(std::move(rules))) {}

std::size_t Rules::longest() const { return index_->longest(); }
const std::vector<Rule>& Rules::rules() const { return index_->rules(); }

}  // namespace reseal
