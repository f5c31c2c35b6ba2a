// SPDX-License-Identifier: BSL-1.0
#pragma once
// Drives a Substituter over a stream cut in chunks and keeps what came out.
#include <cstddef>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/substitute.hpp"

struct Driven {
    support::Substituted out;
    std::string old;            ///< the pieces' old bytes, put together again
    std::size_t most_held = 0;  ///< bytes fed and not handed out, at the worst between two chunks
};

/// Every chunk lives in memory of its own, exactly as large as it is, until the next is fed, so that a view that looks past it
/// or outlives it is caught by the sanitizer. Pieces are read only after the last of a chunk came, for the same reason.
Driven drive(const reseal::Rules& rules, const std::vector<std::string_view>& chunks);
