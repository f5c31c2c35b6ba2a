// SPDX-License-Identifier: BSL-1.0
#pragma once
// Chunks for a search whose finds may lie across two of them: each place of a stream is looked at once, with as many bytes
// behind it as decide about it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reseal::match {

class Overlap {
public:
    /// So many bytes at the end of a text may be the beginning of a longer find.
    explicit Overlap(std::size_t undecided) : undecided_(undecided) {}

    /// Calls scan(text, to, position) for what can be decided now: finds that begin in text[0, to), text[0] being the stream's
    /// byte `position`.
    template <class Scan>
    void write(std::string_view chunk, Scan&& scan) {
        // Across the seam first: what was left over, and as much of the chunk as decides about it.
        if (!held_.empty()) {
            const std::size_t left_over = held_.size(), more = std::min(undecided_, chunk.size());
            held_.append(chunk.substr(0, more));
            const std::size_t decided = held_.size() - std::min(undecided_, held_.size());
            scan(std::string_view(held_), std::min(decided, left_over), position_);
            if (more == chunk.size()) {  // all of the chunk is in there
                position_ += decided;
                held_.erase(0, decided);
                return;
            }
            position_ += left_over;
            held_.clear();
        }
        const std::size_t decided = chunk.size() - std::min(undecided_, chunk.size());
        scan(chunk, decided, position_);
        position_ += decided;
        held_ = chunk.substr(decided);
    }

    /// The stream ends here; the next begins at position 0.
    template <class Scan>
    void finish(Scan&& scan) {
        scan(std::string_view(held_), held_.size(), position_);
        held_.clear();
        position_ = 0;
    }

private:
    std::size_t undecided_;
    std::string held_;            // bytes that are not decided yet
    std::uint64_t position_ = 0;  // of held_ in the stream
};

}  // namespace reseal::match
