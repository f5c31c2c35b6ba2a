// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal explain`: why a Mac does not run a program, and what to do.
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct ExplainArguments {
    bool json = false;
    std::string arch = "arm64";
    bool has_log = false;
    std::string log;  ///< "-": standard input
    std::vector<std::string> paths;
    Command command;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_explain(Command app, ExplainArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_explain(ExplainArguments& arguments, const Words& words);

/// A file that cannot be read is a message, and the others are looked at all the same. Throws Error when standard output
/// cannot be written.
ExitStatus run_explain(const ExplainArguments& arguments);

}  // namespace reseal::cli
