// SPDX-License-Identifier: BSL-1.0
#include "relocate/patch_sink.hpp"

#include <utility>

#include "bytes/difference.hpp"
#include "relocate/source_bytes.hpp"

namespace reseal::relocate {
namespace {

constexpr std::size_t compared_at_once = std::size_t{64} << 10;

}  // namespace

void PatchSink::came(std::uint64_t offset, std::string_view bytes) {
    came_at_ = offset;
    came_ = bytes;
}

void PatchSink::write(std::string_view bytes) {
    // The same bytes in the same memory: most of a file.
    const bool as_it_came = position_ >= came_at_ && position_ - came_at_ <= came_.size() &&
                            bytes.data() == came_.data() + (position_ - came_at_) &&
                            bytes.size() <= came_.size() - (position_ - came_at_);
    if (as_it_came || given_up_) {
        position_ += bytes.size();
        return;
    }
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, compared_at_once);
        const std::string old = source_bytes(before_, position_, part.size());
        if (old.size() != part.size()) given_up_ = true;
        else compare(part, old);
        position_ += part.size();
        bytes.remove_prefix(part.size());
    }
}

void PatchSink::compare(std::string_view bytes, std::string_view old) {
    for (Difference at = next_difference(bytes, old, 0); !at.empty(); at = next_difference(bytes, old, at.to))
        keep(position_ + at.from, bytes.substr(at.from, at.to - at.from));
}

void PatchSink::keep(std::uint64_t offset, std::string_view bytes) {
    if (given_up_) return;
    const bool joins = !patch_.ranges.empty() && patch_.ranges.back().offset + patch_.ranges.back().bytes.size() == offset;
    const std::size_t cost = bytes.size() + (joins ? 0 : sizeof(FilePatch::Range));
    if (cost > limit_ - kept_) {
        given_up_ = true;
        patch_ = {};
        return;
    }
    kept_ += cost;
    if (joins) patch_.ranges.back().bytes += bytes;
    else patch_.ranges.push_back({offset, std::string(bytes)});
}

std::optional<FilePatch> PatchSink::take() {
    if (given_up_ || position_ != before_.size()) return {};
    return std::move(patch_);
}

}  // namespace reseal::relocate
