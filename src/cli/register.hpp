// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal register`: the outputs of a build become store paths.
#include <optional>
#include <reseal/registration.hpp>
#include <string>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct RegisterArguments {
    std::string spec;
    std::optional<std::string> registration;
    bool strict_references = false, dry_run = false, sync = false;
    unsigned jobs = 0;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_register(Command app, RegisterArguments& arguments);
/// Throws UsageError; opens nothing.
void complete_register(const RegisterArguments& arguments, const Words& words);

/// Throws Error for what has nothing to do with the outputs.
ExitStatus run_register(const RegisterArguments& arguments);

/// store::register_outputs(), which clears its copies away before a signal ends the program. Throws Error as that does.
void register_unless_interrupted(store::RegistrationSpec& spec, store::Registration& done);

}  // namespace reseal::cli
