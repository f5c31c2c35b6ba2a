// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal explain --log`: what a log or a crash report says about signatures, and which file, page and string that was.
#include <string>
#include <vector>

#include "cli/exit_status.hpp"

namespace reseal::cli {

struct ExplainLogArguments {
    std::string log;                  ///< "-": standard input
    std::vector<std::string> paths;   ///< copies of the files that it is about, or folders that hold them
    std::string processor = "arm64";  ///< of the Mac that wrote it
    bool json = false;
};

/// Prints what happened, process by process, and why where the files are at hand. `complete` where nothing is told of a program
/// that was kept from running, `refused` where something is, `failed` where the log is none or a path could not be read.
ExitStatus run_explain_log(const ExplainLogArguments& arguments);

}  // namespace reseal::cli
