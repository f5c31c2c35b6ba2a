// SPDX-License-Identifier: BSL-1.0
#pragma once
// Cuts a stream into settled pieces: what no rule matches as it came, what one matches replaced. Leftmost, longest,
// non-overlapping, never rescanned; a start is decided once the longest rule could have been seen whole, or the stream ended.
#include <cstdint>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>

#include "match/piece.hpp"

namespace reseal::match {

class Substituter {
public:
    explicit Substituter(Rules rules);

    /// Hands over the next chunk. Drain next() until it returns false before the next feed() or end(); `chunk` must stay
    /// alive until then.
    void feed(std::string_view chunk);
    /// No more input: what was held back settles. Drain next() once more afterwards.
    void end();
    /// The next settled piece, in stream order, never empty; false when more input is needed. The piece's views hold until the
    /// next feed() or end().
    bool next(Piece& piece);

private:
    // to be filled in by the implementation
};

}  // namespace reseal::match
