// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal verify`: what the signatures of files and folders are worth.
#include <reseal/verify.hpp>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct VerifyArguments {
    bool json = false, strict = false, quiet = false;
    Level level = Level::codesign;
    unsigned jobs = 0;  ///< 0: one a processor
    std::vector<std::string> paths;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_verify(Command app, VerifyArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_verify(VerifyArguments& arguments, const Words& words);

/// A file that cannot be read is a message, and the others are looked at all the same. Throws Error when standard output
/// cannot be written.
ExitStatus run_verify(const VerifyArguments& arguments);

}  // namespace reseal::cli
