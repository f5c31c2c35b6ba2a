// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal fix`: new hashes in signatures that are no longer right, each file as a new one.
#include <reseal/options.hpp>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct FixArguments {
    CmsPolicy cms = CmsPolicy::refuse;
    bool dry = false, quiet = false;
    std::vector<std::string> paths;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_fix(Command app, FixArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_fix(FixArguments& arguments, const Words& words);

/// A file that cannot be read or written is a message, and the others are looked at all the same. Throws Error when standard
/// output cannot be written.
ExitStatus run_fix(const FixArguments& arguments);

}  // namespace reseal::cli
