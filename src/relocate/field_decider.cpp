// SPDX-License-Identifier: BSL-1.0
#include "relocate/field_decider.hpp"

#include <algorithm>

namespace reseal::relocate {
FieldDecider::FieldDecider(const Prefixes& prefixes, std::uint64_t max_wait)
    : prefixes_(prefixes), max_wait_(max_wait), ends_(fields_) {}

void FieldDecider::end() {
    for (; !waiting_.empty(); waiting_.pop_front()) choose_early(waiting_.front());
    heads_.end();
    ends_.end();
    ended_ = true;
    settle();
}

void FieldDecider::skip(std::uint64_t count) {
    ends_.skip(count);
    position_ += count;
}

void FieldDecider::take(const Stretch& stretch) {
    if (!waiting_.empty()) look_ahead(stretch.old);
    ends_.read(stretch.old);
    const std::uint64_t offset = position_;
    position_ += stretch.old.size();
    if (!stretch.prefix) return;
    if (fields_.size() == max_fields) return add_problem(Code::prefix_too_many, {.offset = offset, .pair = stretch.pair});
    fields_.push_back({.offset = offset, .pair = stretch.pair, .encoding = stretch.encoding});
    ends_.add(stretch.old.size());
    if (waiting_.empty()) ahead_.clear();
    waiting_.push_back({fields_.size() - 1, ahead_.size()});
    choices_.emplace_back();
}

void FieldDecider::look_ahead(std::string_view bytes) {
    const std::size_t wanted = waiting_.back().at + fill_ahead - ahead_.size();
    ahead_.append(bytes.substr(0, wanted));
    for (; !waiting_.empty() && ahead_.size() >= waiting_.front().at + fill_ahead; waiting_.pop_front())
        choose_early(waiting_.front());
}

void FieldDecider::choose_early(const Waiting& waiting) {
    const PrefixField& field = fields_[waiting.field];
    const Replacement replacement = replacement_of(prefixes_.index(), field);
    const std::string_view after = std::string_view(ahead_).substr(waiting.at, fill_ahead);
    FillChoice& choice = choices_[waiting.field - settled_];
    if (prefixes_.options().padding == Padding::spack) {
        if (field.offset < consumed_) return;  // what a match took with it is not looked at again
        const std::size_t nul = after.find('\0');
        if (nul != std::string_view::npos && field.encoding == Encoding::utf8)
            consumed_ = field.offset + replacement.from.size() + nul + 1;
    }
    choice = early_fill(replacement, prefixes_.options(), after);
}

void FieldDecider::settle() {
    const std::size_t chosen = waiting_.empty() ? fields_.size() : waiting_.front().field;
    for (; settled_ < chosen; ++settled_, choices_.pop_front())
        if (!settle_one(fields_[settled_])) return;
}

/// False when something behind it has to be seen first.
bool FieldDecider::settle_one(PrefixField& field) {
    if (heads_.settled() <= field.offset) return false;
    const Replacement replacement = replacement_of(prefixes_.index(), field);
    FillChoice choice = choices_.front();
    if (heads_.holds({field.offset, replacement.from.size()})) {
        field.command = true;
        choice = command_fill(replacement, prefixes_.options());
    } else if (choice.waits) {
        const bool known = ended_ || settled_ < ends_.known();
        // The last NUL of a wide one comes three bytes behind the end it makes.
        if (!known && (position_ - field.offset <= 3 || position_ - field.offset - 3 <= max_wait_)) return false;
        if (!known || field.end - field.offset > max_wait_) choice = {Fill::left, Code::prefix_undecided};
        else choice = late_fill(replacement, field.terminated, prefixes_.options().tail);
    }
    if (choice.fill != Fill::left) keep_in_bounds(field, choice);
    field.fill = choice.fill;
    if (choice.refused) add_problem(*choice.refused, field);
    return true;
}

/// Within a string that moves up everything moves, and what moves is kept for a while.
void FieldDecider::keep_in_bounds(PrefixField& field, FillChoice& choice) {
    const Replacement replacement = replacement_of(prefixes_.index(), field);
    const std::uint64_t room = replacement.from.size() - replacement.to.size();
    if (mover_ != none && field.offset < fields_[mover_].end) {
        // A wide prefix whose first byte ends a narrow string.
        if (fields_[mover_].end < field.offset + replacement.from.size()) {
            choice = {Fill::left, {}};
            return;
        }
        if (room > 0) choice.fill = Fill::end;
        moved_ += room;
    } else if (choice.fill == Fill::end) {
        mover_ = settled_;
        moved_ = room;
    } else {
        return;
    }
    if (moved_ > max_moved) choice = {Fill::left, Code::prefix_unpaddable};
}

void FieldDecider::add_problem(Code code, const PrefixField& field) {
    for (PrefixProblem& each : problems_)
        if (each.code == code && each.pair == field.pair) {
            ++each.count;
            return;
        }
    problems_.push_back({code, field.pair, field.offset, 1});
}

}  // namespace reseal::relocate
