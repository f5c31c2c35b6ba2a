// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal nar dump`, `restore` and `ls`: trees on disk and the Nix archives of them.
#include <CLI/CLI.hpp>
#include <reseal/error.hpp>
#include <string>

#include "cli/exit_status.hpp"
#include "cli/words.hpp"

namespace reseal::cli {

struct NarArguments {
    const CLI::App* dump = nullptr;
    const CLI::App* restore = nullptr;
    const CLI::App* ls = nullptr;
    bool case_hack = false;
    std::string out = "-";
    bool long_lines = false;
    bool json = false;
    std::string path;      // of the tree: what to dump, where to restore
    std::string in = "-";  // the archive
};

/// Declares the sub-commands; parsing fills `arguments`, which must outlive `app`.
CLI::App* add_nar(CLI::App& app, NarArguments& arguments);
/// Adds what CLI11 did not see. Throws UsageError; opens nothing.
void complete_nar(NarArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_nar(const NarArguments& arguments);

// One file each.
const CLI::App* add_nar_dump(CLI::App& nar, NarArguments& arguments);
const CLI::App* add_nar_restore(CLI::App& nar, NarArguments& arguments);
const CLI::App* add_nar_ls(CLI::App& nar, NarArguments& arguments);
ExitStatus run_nar_dump(const NarArguments& arguments);
ExitStatus run_nar_restore(const NarArguments& arguments);
ExitStatus run_nar_ls(const NarArguments& arguments);

/// `error` of an archive, with the archive's name before the entry's if it has one.
std::string in_archive(const Error& error, const std::string& archive);

}  // namespace reseal::cli
