// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal show`: what the signatures of a file say, for a person, and a map of its pages.
#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct ShowArguments {
    bool json = false;
    bool slots = false;
    std::optional<std::string> arch;
    std::optional<std::string> svg;
    std::string path;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_show(Command app, ShowArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_show(ShowArguments& arguments, const Words& words);

/// Throws Error where the file cannot be read or something cannot be written.
ExitStatus run_show(const ShowArguments& arguments);

}  // namespace reseal::cli
