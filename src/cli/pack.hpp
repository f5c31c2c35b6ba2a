// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal pack`: an archive of a tree on disk, with its prefixes moved on the way. The tree stays as it is.
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"
#include "cli/relocate_options.hpp"

namespace reseal::cli {

struct PackArguments {
    RelocateOptions options;
    PrefixWords words;
    std::vector<PrefixPair> pairs;
    std::string folder, archive;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_pack(Command app, PackArguments& arguments);
/// Adds what parsing leaves aside, and checks what goes together. Throws UsageError.
void complete_pack(PackArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_pack(const PackArguments& arguments);

}  // namespace reseal::cli
