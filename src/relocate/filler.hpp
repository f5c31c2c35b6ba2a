// SPDX-License-Identifier: BSL-1.0
#pragma once
// Puts decided fields into a file that flows by, as pieces of the same length: the new prefixes with what fills their room, and
// strings that move up.
#include <cstddef>
#include <cstdint>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "match/piece.hpp"
#include "relocate/byte_queue.hpp"
#include "relocate/fill.hpp"

namespace reseal::relocate {

class Filler {
public:
    /// Both must outlive it. Fields may be added as long as they stand behind what was fed; ends of strings may become known.
    Filler(const PrefixIndex& index, const std::vector<PrefixField>& fields) : index_(index), fields_(fields) {}

    /// The next bytes of the file, all of whose fields are decided. Drain next() until it returns false before the next feed();
    /// they must stay alive until then.
    void feed(std::string_view bytes) { input_ = bytes; }
    /// The file ends here: drain next() once more. All ends are known by now.
    void end() { input_ = {}; }
    /// The next piece, never empty; false when more input is needed. It holds until the next call.
    bool next(match::Piece& piece);

    /// How many fields began to be replaced by now.
    std::uint64_t replaced() const { return replaced_; }
    /// At the end: whether the prefixes stood where the fields say.
    bool as_planned() const { return as_planned_ && part_ == Part::plain && next_ == fields_.size(); }

private:
    enum class Part { plain, field, moving, moving_field, cut };

    void begin(Part part);
    std::string_view take(std::uint64_t count);
    std::string_view take_old(std::size_t size);
    std::string_view take_plain(std::uint64_t room);
    bool at_field();
    bool next_plain(match::Piece& piece);
    bool next_of_field(match::Piece& piece);
    bool next_moving(match::Piece& piece);
    bool next_of_moving_field(match::Piece& piece);
    bool next_cut(match::Piece& piece);
    match::Piece instead(std::string_view bytes);

    const PrefixIndex& index_;
    const std::vector<PrefixField>& fields_;
    std::string_view input_;
    Part part_ = Part::plain;
    std::uint64_t position_ = 0;  // of input_
    std::size_t next_ = 0;        // the field that goes by, or the next one
    Replacement replacement_;     // of that field
    std::size_t seen_ = 0;        // bytes of its old prefix that have gone by
    std::string new_;             // what stands in its place
    std::size_t mover_ = 0;       // the field that began the string that moves up
    ByteQueue old_;               // bytes in whose place nothing has been put yet
    std::size_t drop_ = 0;        // of them: those that the last piece was about
    std::string nuls_;
    std::uint64_t replaced_ = 0;
    bool as_planned_ = true;
};

}  // namespace reseal::relocate
