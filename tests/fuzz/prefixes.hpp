// SPDX-License-Identifier: BSL-1.0
#pragma once
// Prefixes that a fuzzer chooses, of a few bytes each, so that they meet in what is searched.
#include <cstddef>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "fuzz/feed.hpp"

namespace fuzz {

inline std::vector<reseal::PrefixPair> taken_pairs(Feed& feed) {
    std::vector<reseal::PrefixPair> pairs(1 + feed.below(3));
    for (reseal::PrefixPair& pair : pairs)
        for (std::string* prefix : {&pair.from, &pair.to})
            for (std::size_t i = feed.below(24); i > 0; --i) *prefix += static_cast<char>(feed.u8());
    return pairs;
}

/// None where they are refused, which may be for their own sake only.
inline std::optional<reseal::Prefixes> accepted(const std::vector<reseal::PrefixPair>& pairs,
                                                const reseal::PrefixOptions& how) {
    try {
        return reseal::Prefixes(pairs, how);
    } catch (const reseal::Error& error) {
        require(error.error() == reseal::ErrorCode::rules, "an error that is not about prefixes");
        return {};
    }
}

}  // namespace fuzz
