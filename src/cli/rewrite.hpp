// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal rewrite`: one stream through the Rewriter, from a file or pipe to a file or pipe.
#include <optional>
#include <reseal/options.hpp>
#include <string>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

#include "codec/compression.hpp"

namespace reseal::cli {

struct RewriteArguments {
    Command command;
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
    std::string map;
    bool has_map = false;
    bool dry_run = false;
    bool quiet = false;
    std::string out = "-";
    std::string in = "-";
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_rewrite(Command app, RewriteArguments& arguments);
/// Adds what parsing leaves aside, and checks what goes together. Throws UsageError; opens nothing.
void complete_rewrite(RewriteArguments& arguments, const Words& words);

/// Throws Error where nothing was read yet; from then on every failure is a message and a status.
ExitStatus run_rewrite(const RewriteArguments& arguments);

}  // namespace reseal::cli
