// SPDX-License-Identifier: BSL-1.0
#pragma once
// Hashes one section as it goes by, before and after the edits, for the special slot that may seal it: __TEXT,__info_plist and
// slot −1. Nothing is kept of its bytes; the hash of the new ones is forked off at the first edit.
#include <cstdint>
#include <optional>
#include <vector>

#include "digest/digest.hpp"
#include "macho/range.hpp"
#include "match/piece.hpp"

namespace reseal::seal {

class SectionHasher {
public:
    explicit SectionHasher(macho::Range section);

    /// The bytes of the image at `offset`; each one once, in order.
    void add(std::uint64_t offset, match::Piece piece);

    bool touched() const { return touched_; }
    struct Digests {
        digest::Digest before, after;
    };
    /// Nothing unless the whole section went by and `type` is available.
    std::optional<Digests> digests(HashType type) const;

private:
    struct Running {
        HashType type;
        digest::Hasher before;
        std::optional<digest::Hasher> after;
    };
    macho::Range section_;
    std::uint64_t seen_ = 0;
    bool touched_ = false;
    std::vector<Running> running_;
};

}  // namespace reseal::seal
