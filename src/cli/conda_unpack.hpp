// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal conda-unpack`: an environment that was packed elsewhere is at home where it lies now.
#include <string>

#include "cli/exit_status.hpp"
#include "cli/relocate_options.hpp"
#include "cli/words.hpp"

namespace reseal::cli {

struct CondaUnpackArguments {
    RelocateOptions options;
    std::string prefix;     // empty: to be found
    std::string called_as;  // the command's first word
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_conda_unpack(Command app, CondaUnpackArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_conda_unpack(CondaUnpackArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_conda_unpack(const CondaUnpackArguments& arguments);

}  // namespace reseal::cli
