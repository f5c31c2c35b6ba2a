// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the corner case tests say of one input: it is refused by name, resealed into exactly these bytes, or passes.
#include <reseal/finding.hpp>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

#include "support/image_builder.hpp"

namespace corner {

/// The rule most tests use: support::path_a → support::path_b.
std::vector<reseal::Rule> path_rule();
/// A rule that replaces the `count` bytes at `at` by other ones; they must stand nowhere else.
std::vector<reseal::Rule> hit(const std::string& bytes, std::uint64_t at, std::size_t count);

struct Outcome {
    std::string bytes;
    reseal::Report report;
    bool refused = false;
    std::vector<reseal::Code> errors, notes;  ///< of the findings, in their order

    bool noted(reseal::Code code) const;
    /// Of the only entry's image number `i`.
    const reseal::ImageReport& image(std::size_t i = 0) const;
};

/// Rewrites `input` under several chunkings, requires that bytes and report are the same, and gives them.
Outcome rewrite(const std::string& input, const reseal::Options& options = {},
                const std::vector<reseal::Rule>& rules = path_rule());

/// Refused with this error and no other, and no slot of the refused image had gone out: its bytes are the naive rewriter's, as
/// far as they went. Without an edit the same input passes byte for byte, without a word.
Outcome refuses(const std::string& input, reseal::Code code, const reseal::Options& options = {},
                const std::vector<reseal::Rule>& rules = path_rule());

/// Rewritten into `expected`, with exactly these notes. Without an edit the input passes byte for byte.
Outcome gives(const std::string& input, const std::string& expected, const std::vector<reseal::Code>& notes = {},
              const reseal::Options& options = {}, const std::vector<reseal::Rule>& rules = path_rule());

/// The image of `spec` is resealed into its twin, which the oracle finds good.
Outcome reseals(const support::ImageSpec& spec, const std::vector<reseal::Code>& notes = {});

/// What the naive rewriter makes of it.
std::string naive(const std::string& input, const std::vector<reseal::Rule>& rules = path_rule());

}  // namespace corner
