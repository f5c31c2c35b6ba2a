// SPDX-License-Identifier: BSL-1.0
#pragma once
// The two ways through the Boost.Iostreams filter, as values like support::rewrite() gives for the Rewriter.
#include <reseal/options.hpp>
#include <reseal/rules.hpp>
#include <string_view>
#include <vector>

#include "support/rewritten.hpp"

namespace laws {

/// Each chunk one write().
support::Rewritten write_filter(const reseal::Rules& rules, const std::vector<std::string_view>& chunks,
                                const reseal::Options& options = {});

/// Each chunk what one read() of the source gives; `n` bytes asked for at a time. After a failure the output lacks what was
/// handed out by the read() that met it.
support::Rewritten read_filter(const reseal::Rules& rules, const std::vector<std::string_view>& chunks,
                               const reseal::Options& options = {}, std::size_t n = 4096);

}  // namespace laws
