// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal nar dump`, `restore` and `ls`: trees on disk and the Nix archives of them.
#include <reseal/error.hpp>
#include <string>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct NarArguments {
    Command dump;
    Command restore;
    Command ls;
    bool case_hack = false;
    std::string out = "-";
    bool long_lines = false;
    bool json = false;
    std::string path;      // of the tree: what to dump, where to restore
    std::string in = "-";  // the archive
};

/// Declares the sub-commands; parsing fills `arguments`, which must outlive the command line.
Command add_nar(Command app, NarArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_nar(NarArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_nar(const NarArguments& arguments);

// One file each.
Command add_nar_dump(Command nar, NarArguments& arguments);
Command add_nar_restore(Command nar, NarArguments& arguments);
Command add_nar_ls(Command nar, NarArguments& arguments);
ExitStatus run_nar_dump(const NarArguments& arguments);
ExitStatus run_nar_restore(const NarArguments& arguments);
ExitStatus run_nar_ls(const NarArguments& arguments);

/// `error` of an archive, with the archive's name before the entry's if it has one.
std::string in_archive(const Error& error, const std::string& archive);

}  // namespace reseal::cli
