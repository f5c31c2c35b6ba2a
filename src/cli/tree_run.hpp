// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the commands that move prefixes in a tree on disk have in common: plan, carry out, tell.
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/relocate_options.hpp"
#include "relocate/tree_plan.hpp"
#include "relocate/tree_relocation.hpp"

namespace reseal::cli {

/// What came of it, as far as it came.
struct TreeRun {
    relocate::TreePlan plan;
    relocate::TreeRelocation done;
    std::vector<std::string> failures;  ///< what ended it, in words
    ExitStatus status = failed;
    bool interrupted = false;  ///< by a signal, which the caller lets in now
};

/// What else is written, where something is; what is thrown then counts as a failure.
struct TreeHooks {
    std::function<void(const relocate::TreePlan&)> before = [](const relocate::TreePlan&) {};  ///< the first file is changed
    std::function<void(const TreeRun&)> after = [](const TreeRun&) {};                         ///< the last one was
};

/// Reads all items, says what is odd about them, and unless one is refused or nothing is to be written, changes what has to be.
/// `findings`: of the items, from before.
TreeRun run_tree(const std::vector<relocate::TreeItem>& items, std::vector<Finding> findings, const RelocateOptions& options,
                 const TreeHooks& hooks);

/// One line on standard error.
void say_summary(const TreeRun& run, const RelocateOptions& options);

/// docs/relocation-report.schema.json in code. `leftovers`: as the search for them has it; null when nobody asked.
nlohmann::ordered_json tree_report(const TreeRun& run, const RelocateOptions& options, const std::string& command,
                                   nlohmann::ordered_json leftovers = nullptr);

}  // namespace reseal::cli
