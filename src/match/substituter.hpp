// SPDX-License-Identifier: BSL-1.0
#pragma once
// Cuts a stream into settled pieces: what no rule matches as it came, what one matches replaced. Leftmost, longest,
// non-overlapping, never rescanned; a start is decided once the longest rule could have been seen whole, or the stream ended.
#include <cstddef>
#include <optional>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>

#include "match/index.hpp"
#include "match/piece.hpp"

namespace reseal::match {

class Substituter {
public:
    explicit Substituter(Rules rules);

    /// Hands over the next chunk. Drain next() until it returns false before the next feed() or end(); `chunk` must stay
    /// alive until then.
    void feed(std::string_view chunk);
    /// Gathers no longer: all that can be decided without more input settles. Drain next() once more afterwards.
    void settle();
    /// No more input: what was held back settles. Drain next() once more afterwards.
    void end();
    /// The next settled piece, in stream order, never empty; false when more input is needed. The piece's views hold until the
    /// next feed() or end().
    bool next(Piece& piece) { return !drained_ && find_next(piece); }

private:
    bool find_next(Piece& piece);
    bool advance();

    Rules rules_;
    std::size_t gather_;          // chunks are gathered until so many bytes are held back
    std::string held_;            // what is not decided, between chunks
    std::string seam_;            // what was held back, and the bytes of the chunk that decide about it
    std::string_view text_;       // what is searched now: seam_, then the chunk
    std::size_t at_ = 0;          // the first byte of text_ that has not been handed out
    std::size_t to_ = 0;          // text_ decides about matches that begin before here
    std::string_view rest_;       // the chunk, while text_ is seam_; its first byte stands at text_[to_]
    Repeats::Seen seen_;          // of text_
    std::optional<Match> match_;  // found in text_, and not handed out yet
    bool drained_ = true;         // whether next() has nothing to give before the next feed() or end()
};

}  // namespace reseal::match
