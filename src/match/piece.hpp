// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <reseal/rules.hpp>
#include <string_view>

namespace reseal::match {

/// A settled run of a stream: bytes that will not change any more, either as they came or replaced by one rule.
struct Piece {
    std::string_view bytes;      ///< what goes out
    std::string_view old;        ///< what came in: the same length, and the same view where nothing was replaced
    const Rule* rule = nullptr;  ///< the rule that replaced it; null for bytes as they came
    std::size_t rule_index = 0;  ///< its place in Rules; 0 without one

    /// Whether any byte differs (a rule may replace bytes by the same bytes).
    bool changed() const { return bytes.data() != old.data() && bytes != old; }
    /// The part [from, from + count), both views cut alike.
    Piece part(std::size_t from, std::size_t count) const {
        return {bytes.substr(from, count), old.substr(from, count), rule, rule_index};
    }
};

}  // namespace reseal::match
