// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal refs`: which store paths a file, a folder or a stream refers to.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/exit_status.hpp"
#include "cli/words.hpp"

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

/// Declares the sub-command; parsing fills `arguments`, which must outlive `app`.
CLI::App* add_refs(CLI::App& app, RefsArguments& arguments);
/// Adds what CLI11 did not see. Throws UsageError; opens nothing.
void complete_refs(RefsArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_refs(const RefsArguments& arguments);

}  // namespace reseal::cli
