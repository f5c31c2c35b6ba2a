// SPDX-License-Identifier: BSL-1.0
#pragma once
// Puts placed edits into a file that goes by as pieces.
#include <cstdint>
#include <vector>

#include "match/piece.hpp"
#include "relocate/placed_edit.hpp"

namespace reseal::relocate {

class Placer {
public:
    /// `edits`: ascending, not overlapping; they must outlive the placer.
    explicit Placer(const std::vector<PlacedEdit>& edits) : edits_(edits) {}

    /// The first part of a piece that is not empty: either as it came, or inside a placed edit, which then counts more than
    /// what the piece makes of those bytes. Pieces come in the order of the file.
    match::Piece take(const match::Piece& piece);
    /// Whether all bytes where an edit was placed were those it was placed for.
    bool as_planned() const { return as_planned_; }
    /// How many edits began to go by.
    std::uint64_t begun() const { return begun_; }
    /// Whether every edit has gone by.
    bool finished() const { return next_ == edits_.size(); }

private:
    const std::vector<PlacedEdit>& edits_;
    std::size_t next_ = 0;        // the edit that goes by, or the next one
    std::uint64_t position_ = 0;  // of the next byte
    std::uint64_t begun_ = 0;
    bool as_planned_ = true;
};

}  // namespace reseal::relocate
