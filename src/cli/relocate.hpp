// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal relocate`: prefixes in a tree on disk, or in some files, are replaced.
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/relocate_options.hpp"
#include "cli/words.hpp"

namespace reseal::cli {

struct RelocateArguments {
    RelocateOptions options;
    PrefixWords words;
    std::vector<PrefixPair> pairs;
    std::vector<std::string> paths;
    std::optional<std::string> remember;
    std::optional<std::string> verify;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_relocate(Command app, RelocateArguments& arguments);
/// Adds what parsing leaves aside, and checks what goes together. Throws UsageError.
void complete_relocate(RelocateArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_relocate(const RelocateArguments& arguments);

}  // namespace reseal::cli
