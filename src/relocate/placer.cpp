// SPDX-License-Identifier: BSL-1.0
#include "relocate/placer.hpp"

#include <algorithm>

namespace reseal::relocate {

match::Piece Placer::take(const match::Piece& piece) {
    match::Piece part = piece;
    if (next_ < edits_.size()) {
        const PlacedEdit& edit = edits_[next_];
        if (position_ < edit.offset) {
            part =
                piece.part(0, static_cast<std::size_t>(std::min<std::uint64_t>(edit.offset - position_, piece.bytes.size())));
        } else {
            const auto within = static_cast<std::size_t>(position_ - edit.offset);
            if (within == 0) ++begun_;
            const std::size_t count = std::min(edit.after.size() - within, piece.bytes.size());
            part = {edit.after.substr(within, count), piece.old.substr(0, count)};
            as_planned_ = as_planned_ && edit.before.compare(within, count, part.old) == 0;
            if (within + count == edit.after.size()) ++next_;
        }
    }
    position_ += part.bytes.size();
    return part;
}

}  // namespace reseal::relocate
