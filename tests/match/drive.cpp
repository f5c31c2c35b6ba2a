// SPDX-License-Identifier: BSL-1.0
#include "drive.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "match/substituter.hpp"

using reseal::match::Piece;

namespace {

void take_all(reseal::match::Substituter& substituter, const reseal::Rules& rules, Driven& driven) {
    std::vector<Piece> pieces;
    for (Piece piece; substituter.next(piece);) pieces.push_back(piece);
    for (const Piece& piece : pieces) {
        REQUIRE_FALSE(piece.bytes.empty());
        REQUIRE(piece.bytes.size() == piece.old.size());
        if (piece.rule != nullptr) {
            REQUIRE(piece.rule == &rules[piece.rule_index]);
            REQUIRE(piece.old == piece.rule->from);
            REQUIRE(piece.bytes == piece.rule->to);
            driven.out.edits.emplace_back(driven.out.bytes.size(), piece.rule_index);
        } else {
            REQUIRE(piece.bytes.data() == piece.old.data());
        }
        driven.out.bytes += piece.bytes;
        driven.old += piece.old;
    }
}

}  // namespace

Driven drive(const reseal::Rules& rules, const std::vector<std::string_view>& chunks) {
    reseal::match::Substituter substituter(rules);
    Driven driven;
    std::size_t fed = 0;
    for (std::string_view chunk : chunks) {
        auto copy = std::make_unique<char[]>(chunk.size());
        std::copy(chunk.begin(), chunk.end(), copy.get());
        substituter.feed({copy.get(), chunk.size()});
        take_all(substituter, rules, driven);
        fed += chunk.size();
        driven.most_held = std::max(driven.most_held, fed - driven.out.bytes.size());
    }
    substituter.end();
    take_all(substituter, rules, driven);
    return driven;
}
