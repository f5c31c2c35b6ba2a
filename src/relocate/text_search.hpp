// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where prefixes stand in text, as a stream of stretches: what none stands in, and one prefix each. A prefix is held back until
// what is behind it has told whether it stands alone (Boundary::path), and in which byte order it is written.
#include <cstdint>
#include <optional>
#include <reseal/prefixes.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "match/substituter.hpp"
#include "relocate/encoding.hpp"

namespace reseal::relocate {

struct Stretch {
    std::string_view old;
    std::string_view to;  ///< the same view where no prefix stands
    bool prefix = false;
    std::size_t pair = 0;  ///< with a prefix
    Encoding encoding = Encoding::utf8;
};

class TextSearch {
public:
    /// `boundary` goes before that of the prefixes.
    TextSearch(Prefixes prefixes, Boundary boundary);
    explicit TextSearch(const Prefixes& prefixes) : TextSearch(prefixes, prefixes.options().boundary) {}

    /// Hands over the next chunk. Drain next() until it returns false before the next feed() or end(); `chunk` must stay alive
    /// until then.
    void feed(std::string_view chunk);
    /// No more input. Drain next() once more afterwards.
    void end();
    /// The next stretch, never empty; false when more input is needed. It holds until the next feed() or end().
    bool next(Stretch& stretch);

private:
    void take(const match::Piece& piece);
    void settle(std::string_view next);
    std::optional<std::size_t> standing(std::string_view after) const;
    std::optional<std::size_t> other_order(std::size_t rule) const;
    void hand_out(std::string_view old);
    void hand_out(std::string_view old, std::size_t rule);
    void remember(std::string_view old);

    Prefixes prefixes_;
    const PrefixIndex& index_;
    match::Substituter search_;
    bool boundary_;
    bool ended_ = false;
    std::string before_;              // the last bytes before what is handed out next, for Boundary::path
    std::uint64_t position_ = 0;      // of the next piece
    std::uint64_t hit_at_ = 0;        // of the hit
    std::optional<std::size_t> hit_;  // the rule that was found, and is held back
    std::size_t wanted_ = 0;          // so many bytes behind it are asked for
    std::string after_;               // those that have come
    std::string behind_;              // the same, while they are in the queue; has room for all of them
    std::vector<Stretch> queue_;
    std::size_t next_ = 0;  // of the queue
};

}  // namespace reseal::relocate
