// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_search.hpp"

#include <algorithm>
#include <utility>

#include "relocate/boundary.hpp"
#include "relocate/prefix_index.hpp"

namespace reseal::relocate {

TextSearch::TextSearch(Prefixes prefixes, Boundary boundary)
    : prefixes_(std::move(prefixes)),
      index_(prefixes_.index()),
      search_(index_.rules()),
      boundary_(boundary == Boundary::path) {
    behind_.reserve(2 * (width(Encoding::utf32be) - 1));
}

void TextSearch::feed(std::string_view chunk) { search_.feed(chunk); }

void TextSearch::end() {
    search_.end();
    ended_ = true;
}

bool TextSearch::next(Stretch& stretch) {
    match::Piece piece;
    while (next_ == queue_.size()) {
        queue_.clear();
        next_ = 0;
        behind_.clear();
        if (search_.next(piece)) take(piece);
        else if (ended_ && hit_) settle({});
        else return false;
    }
    stretch = queue_[next_++];
    return true;
}

void TextSearch::take(const match::Piece& piece) {
    std::string_view old = piece.old;
    const std::uint64_t at = position_;
    position_ += old.size();
    if (hit_ && piece.rule == nullptr) {
        const std::size_t more = std::min(wanted_ - after_.size(), old.size());
        after_.append(old.substr(0, more));
        old.remove_prefix(more);
        if (after_.size() < wanted_) return;
    }
    if (hit_) settle(old);
    if (piece.rule == nullptr) return hand_out(old);
    hit_ = piece.rule_index;
    hit_at_ = at;
    const Encoding encoding = index_.needle(*hit_).encoding;
    const bool big = encoding == Encoding::utf16be || encoding == Encoding::utf32be;
    wanted_ = std::max<std::size_t>(boundary_ ? 1 : 0, big ? width(encoding) - 1 : 0);
    if (wanted_ == 0) settle({});
}

/// `next`: the first bytes of what comes behind after_.
void TextSearch::settle(std::string_view next) {
    const std::string_view whole = index_.rules()[*hit_].from;
    const std::size_t kept = behind_.size();  // of another hit, that was settled by this one
    behind_.append(after_);
    after_.clear();
    std::string_view behind = std::string_view(behind_).substr(kept);
    if (const std::optional<std::size_t> rule = standing(behind.empty() ? next : behind)) {
        const std::string_view old = index_.rules()[*rule].from;
        const std::size_t shift = width(index_.needle(*rule).encoding) - 1;
        const std::optional<std::size_t> other = old == whole ? other_order(*rule) : std::nullopt;
        if (other && behind.size() >= shift && behind.find_first_not_of('\0') >= shift) {
            // What was found begins with the last bytes of a little unit before it: `\0/` of `x\0/\0`. The other one is whole.
            hand_out(old.substr(0, shift));
            hand_out(index_.rules()[*other].from, *other);
            behind.remove_prefix(shift);
        } else {
            hand_out(old, *rule);
            hand_out(whole.substr(old.size()));
        }
    } else {
        hand_out(whole);
    }
    hand_out(behind);
    hit_.reset();
}

/// The longest one at the place of the hit that stands alone.
std::optional<std::size_t> TextSearch::standing(std::string_view after) const {
    std::size_t rule = *hit_;
    const std::string_view whole = index_.rules()[rule].from;
    while (boundary_) {
        const std::string_view from = index_.rules()[rule].from;
        if (stands_alone(before_, from, from.size() < whole.size() ? whole.substr(from.size()) : after)) break;
        if (index_.shorter(rule) == rule) return {};
        rule = index_.shorter(rule);
    }
    return rule;
}

/// The same prefix with the low byte first, where this one has the high byte first.
std::optional<std::size_t> TextSearch::other_order(std::size_t rule) const {
    const Needle& needle = index_.needle(rule);
    if (needle.encoding != Encoding::utf16be && needle.encoding != Encoding::utf32be) return {};
    if (hit_at_ % width(needle.encoding) == 0) return {};  // between units, so it is what it looks like
    const Encoding little = needle.encoding == Encoding::utf16be ? Encoding::utf16le : Encoding::utf32le;
    const std::string_view from = index_.rules()[rule].from;
    for (std::size_t i = 0; i < index_.rules().size(); ++i) {
        const std::string_view other = index_.rules()[i].from;
        const std::size_t shift = width(little) - 1;
        // Characters beyond ASCII look alike in neither order: then this one is meant.
        if (index_.needle(i).pair == needle.pair && index_.needle(i).encoding == little)
            return other.starts_with(from.substr(shift)) ? std::optional(i) : std::nullopt;
    }
    return {};
}

void TextSearch::hand_out(std::string_view old) {
    if (old.empty()) return;
    queue_.push_back({.old = old, .to = old});
    remember(old);
}

void TextSearch::hand_out(std::string_view old, std::size_t rule) {
    const Needle& needle = index_.needle(rule);
    queue_.push_back({old, needle.to, true, needle.pair, needle.encoding});
    remember(old);
}

void TextSearch::remember(std::string_view old) {
    if (!boundary_) return;
    before_.append(old.substr(old.size() - std::min(old.size(), boundary_before)));
    before_.erase(0, before_.size() - std::min(before_.size(), boundary_before));
}

}  // namespace reseal::relocate
