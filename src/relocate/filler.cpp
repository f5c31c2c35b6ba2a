// SPDX-License-Identifier: BSL-1.0
#include "relocate/filler.hpp"

#include <algorithm>
#include <utility>

namespace reseal::relocate {

bool Filler::next(match::Piece& piece) {
    old_.drop(std::exchange(drop_, 0));
    for (;;) {
        const Part part = part_;
        bool made = false;
        switch (part) {
            case Part::plain: made = next_plain(piece); break;
            case Part::field: made = next_of_field(piece); break;
            case Part::moving: made = next_moving(piece); break;
            case Part::moving_field: made = next_of_moving_field(piece); break;
            case Part::cut: made = next_cut(piece); break;
        }
        if (made || part_ == part) return made;
    }
}

/// Up to `count` bytes of the input.
std::string_view Filler::take(std::uint64_t count) {
    const std::string_view taken = input_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(count, input_.size())));
    input_.remove_prefix(taken.size());
    position_ += taken.size();
    return taken;
}

/// Bytes before the next field, at most `room`.
std::string_view Filler::take_plain(std::uint64_t room) {
    if (next_ < fields_.size()) room = std::min(room, fields_[next_].offset - position_);
    return take(room);
}

/// More of the `size` bytes of which seen_ have been seen, the old prefix first among them.
std::string_view Filler::take_old(std::size_t size) {
    const std::string_view old = take(size - seen_);
    const std::string_view expected = replacement_.from.substr(std::min(seen_, replacement_.from.size()), old.size());
    as_planned_ = as_planned_ && old.starts_with(expected);
    seen_ += old.size();
    return old;
}

/// Whether a field begins here that is to be replaced. Before its bytes come it may be undecided still.
bool Filler::at_field() {
    const bool here = !input_.empty();
    while (next_ < fields_.size() && (fields_[next_].offset < position_ ||
                                      (here && fields_[next_].offset == position_ && fields_[next_].fill == Fill::left)))
        ++next_;
    return here && next_ < fields_.size() && fields_[next_].offset == position_;
}

void Filler::begin(Part part) {
    part_ = part;
    replacement_ = replacement_of(index_, fields_[next_]);
    seen_ = 0;
    ++replaced_;
}

/// A piece of which the old bytes are the first of those that wait.
match::Piece Filler::instead(std::string_view bytes) {
    drop_ = bytes.size();
    return {bytes, old_.view().substr(0, drop_)};
}

bool Filler::next_plain(match::Piece& piece) {
    if (at_field()) {
        const Fill fill = fields_[next_].fill;
        begin(fill == Fill::end ? Part::moving_field : fill == Fill::cut ? Part::cut : Part::field);
        mover_ = next_;
        if (part_ == Part::field) new_ = filled(replacement_, fill, {});
        return false;
    }
    const std::string_view bytes = take_plain(input_.size());
    piece = {bytes, bytes};
    return !bytes.empty();
}

bool Filler::next_of_field(match::Piece& piece) {
    const std::size_t from = seen_;
    const std::string_view old = take_old(new_.size());
    if (old.empty()) return false;
    piece = {std::string_view(new_).substr(from, old.size()), old};
    if (seen_ == new_.size()) {
        ++next_;
        part_ = Part::plain;
    }
    return true;
}

bool Filler::next_moving(match::Piece& piece) {
    const std::uint64_t end = fields_[mover_].end;
    if (position_ == end) {
        part_ = Part::plain;
        nuls_.assign(old_.size(), '\0');
        piece = instead(nuls_);
        return !nuls_.empty();
    }
    if (at_field()) {
        begin(Part::moving_field);
        return false;
    }
    const std::string_view bytes = take_plain(std::min<std::uint64_t>(input_.size(), end - position_));
    old_.append(bytes);
    piece = instead(bytes);
    return !bytes.empty();
}

bool Filler::next_of_moving_field(match::Piece& piece) {
    old_.append(take_old(replacement_.from.size()));
    if (seen_ < replacement_.from.size()) return false;
    ++next_;
    part_ = Part::moving;
    piece = instead(replacement_.to);
    return !piece.bytes.empty();
}

bool Filler::next_cut(match::Piece& piece) {
    const auto size = static_cast<std::size_t>(fields_[next_].end + 1 - fields_[next_].offset);
    old_.append(take_old(size));
    if (seen_ < size) return false;
    ++next_;
    part_ = Part::plain;
    const std::string_view suffix = old_.view().substr(replacement_.from.size());
    new_ = filled(replacement_, Fill::cut, suffix);
    new_ += suffix;
    piece = instead(new_);
    return true;
}

}  // namespace reseal::relocate
