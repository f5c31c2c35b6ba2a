// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal refs`: which store paths a file, a folder or a stream refers to.
#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct RefsArguments {
    std::optional<std::string> candidates;  // a file
    std::optional<std::string> store;       // a folder
    bool positions = false;
    bool wide = false;
    bool inside = false;
    bool json = false;
    std::string path;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_refs(Command app, RefsArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_refs(RefsArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_refs(const RefsArguments& arguments);

}  // namespace reseal::cli
