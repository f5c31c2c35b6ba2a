// SPDX-License-Identifier: BSL-1.0
#pragma once
// The bytes of one signature, collected whole: as they came and as they will go. Two copies only where an edit changed some.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "macho/range.hpp"
#include "match/piece.hpp"

namespace reseal::seal {

class SignatureBytes {
public:
    /// `expected`: bytes that the header promises; anybody's number, so of much memory only a part is asked for ahead.
    explicit SignatureBytes(std::uint64_t expected = 0) {
        constexpr std::uint64_t ahead = std::uint64_t{1} << 20;
        after_.reserve(static_cast<std::size_t>(std::min(expected, ahead)));
    }

    void add(const match::Piece& piece);

    std::uint64_t size() const { return after_.size(); }
    bool edited() const { return before_.has_value(); }
    std::string_view before() const { return before_ ? *before_ : after_; }
    std::string& after() { return after_; }
    const std::string& after() const { return after_; }

    /// Where the first byte of `part`, which lies within, differs; nothing where none does.
    std::optional<std::uint64_t> first_change(const macho::Range& part) const;

private:
    std::string after_;
    std::optional<std::string> before_;
};

/// The part of `bytes` that `range` names, which lies within.
inline std::string_view slice(std::string_view bytes, const macho::Range& range) {
    return bytes.substr(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.size));
}

}  // namespace reseal::seal
