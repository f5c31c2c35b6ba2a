// SPDX-License-Identifier: BSL-1.0
#include "seal/section_hasher.hpp"

#include <algorithm>

namespace reseal::seal {

SectionHasher::SectionHasher(macho::Range section) : section_(section) {
    for (HashType type : {HashType::sha1, HashType::sha256, HashType::sha384})
        if (digest::available(type)) running_.push_back({type, digest::Hasher(type), {}});
}

void SectionHasher::add(std::uint64_t offset, match::Piece piece) {
    std::uint64_t end = offset + piece.bytes.size();
    std::uint64_t from = std::max(offset, section_.offset), to = std::min(end, section_.end());
    if (from >= to) return;
    piece = piece.part(static_cast<std::size_t>(from - offset), static_cast<std::size_t>(to - from));
    seen_ += piece.bytes.size();
    if (piece.changed() && !touched_) {
        touched_ = true;
        for (Running& each : running_) each.after = each.before;
    }
    for (Running& each : running_) {
        each.before.update(piece.old);
        if (each.after) each.after->update(piece.bytes);
    }
}

std::optional<SectionHasher::Digests> SectionHasher::digests(HashType type) const {
    if (seen_ != section_.size) return {};
    for (const Running& each : running_) {
        if (each.type != digest::whole(type)) continue;
        digest::Hasher before = each.before, after = each.after ? *each.after : each.before;
        std::size_t size = digest_size(type);
        return Digests{before.finish().prefix(size), after.finish().prefix(size)};
    }
    return {};
}

}  // namespace reseal::seal
