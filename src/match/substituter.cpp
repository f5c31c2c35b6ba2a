// SPDX-License-Identifier: BSL-1.0
#include "match/substituter.hpp"

#include <algorithm>

namespace reseal::match {
namespace {

// A search has a price of its own, whatever its length; writes of a few bytes share it.
constexpr std::size_t least_gathered = 4096;

}  // namespace

Substituter::Substituter(Rules rules)
    : rules_(std::move(rules)),
      gather_(rules_.empty() ? 0 : std::max(least_gathered, 2 * rules_.longest())),
      seen_(rules_.index().nothing_seen()) {}

void Substituter::feed(std::string_view chunk) {
    if (chunk.size() < gather_ - held_.size()) {
        held_.append(chunk);
        return;
    }
    drained_ = false;
    seam_.swap(held_);
    held_.clear();
    at_ = 0;
    if (chunk.size() < rules_.longest()) {
        seam_.append(chunk);
        to_ = seam_.size() - (rules_.longest() - 1);
    } else {
        to_ = seam_.size();
        if (!seam_.empty()) seam_.append(chunk.substr(0, rules_.longest() - 1));
        rest_ = chunk;
    }
    text_ = seam_;
    seen_.forget();
}

void Substituter::settle() {
    end();
    std::size_t undecided = rules_.empty() ? 0 : rules_.longest() - 1;
    to_ = text_.size() - std::min(undecided, text_.size());
}

void Substituter::end() {
    seam_.swap(held_);
    held_.clear();
    text_ = seam_;
    seen_.forget();
    at_ = 0;
    to_ = text_.size();
    drained_ = false;
}

// On to the chunk when the seam is done; when the chunk is done too, keeps what is not decided.
bool Substituter::advance() {
    if (rest_.empty()) {
        held_.append(text_.substr(at_));
        drained_ = true;
        return false;
    }
    at_ -= to_;
    text_ = rest_;
    seen_.forget();
    to_ = text_.size() - (rules_.empty() ? 0 : rules_.longest() - 1);
    rest_ = {};
    return true;
}

bool Substituter::find_next(Piece& piece) {
    for (;;) {
        if (match_) {
            const Rule& rule = rules_[match_->rule];
            piece = {rule.to, text_.substr(at_, rule.from.size()), &rule, match_->rule};
            at_ += rule.from.size();
            match_.reset();
            return true;
        }
        if (at_ >= to_) {
            if (!advance()) return false;
            continue;
        }
        match_ = rules_.index().find(text_, at_, to_, seen_);
        const std::size_t until = match_ ? match_->start : to_;
        if (until == at_) continue;
        std::string_view plain = text_.substr(at_, until - at_);
        piece = {plain, plain};
        at_ = until;
        return true;
    }
}

}  // namespace reseal::match
