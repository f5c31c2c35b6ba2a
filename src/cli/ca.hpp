// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal ca`: the content address of a tree, computed or checked.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/words.hpp"

namespace reseal::cli {

struct CaArguments {
    std::string path;  // of the tree
    std::string name, self, method = "nar", algorithm = "sha256", regime = "2.35", store_dir = "/nix/store";
    std::vector<std::string> references;
    std::string cms = "refuse", stale = "refuse", unsealable = "refuse", on_signed_self_reference = "normalise";
    std::optional<std::string> out;
    bool json = false, derive_uuid = false;

    bool check = false;
    std::optional<std::string> ca, narinfo;
    std::string scheme = "any";
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive `app`.
CLI::App* add_ca(CLI::App& app, CaArguments& arguments);
/// Adds what CLI11 did not see. Throws UsageError; opens nothing.
void complete_ca(CaArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_ca(const CaArguments& arguments);

// One file each.
ExitStatus compute_ca(const CaArguments& arguments);
ExitStatus check_ca(const CaArguments& arguments);

}  // namespace reseal::cli
