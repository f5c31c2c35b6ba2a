// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal rewrite`: one stream through the Rewriter, from a file or pipe to a file or pipe.
#include <CLI/CLI.hpp>
#include <optional>
#include <reseal/options.hpp>
#include <string>

#include "cli/exit_status.hpp"
#include "cli/words.hpp"
#include "codec/compression.hpp"

namespace reseal::cli {

struct RewriteArguments {
    std::vector<Rule> rules;  // of -r
    std::string rules_file;
    bool has_rules_file = false;
    Format format = Format::automatic;
    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    UnsealablePolicy unsealable = UnsealablePolicy::refuse;
    NamePolicy names = NamePolicy::refuse;
    std::optional<codec::Choice> compress;  // none: as the input was
    std::string compress_word = "same";
    bool positions = false;
    std::string report;
    bool has_report = false;
    bool dry_run = false;
    bool quiet = false;
    std::string out = "-";
    std::string in = "-";
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive `app`.
CLI::App* add_rewrite(CLI::App& app, RewriteArguments& arguments);
/// Adds what CLI11 did not see, and checks what goes together. Throws UsageError; opens nothing.
void complete_rewrite(RewriteArguments& arguments, const Words& words);

/// Throws Error where nothing was read yet; from then on every failure is a message and a status.
ExitStatus run_rewrite(const RewriteArguments& arguments);

}  // namespace reseal::cli
