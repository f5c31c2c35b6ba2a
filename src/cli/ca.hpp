// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal ca`: the content address of a tree, computed or checked.
#include <optional>
#include <reseal/registration.hpp>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace reseal::cli {

struct CaArguments {
    Command command;
    std::string path;  // of the tree
    std::string name, self, regime = "2.35", store_dir = "/nix/store";
    store::Method method = store::Method::nar;
    HashType algorithm = HashType::sha256;
    std::vector<std::string> references;
    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    UnsealablePolicy unsealable = UnsealablePolicy::refuse;
    store::SignedSelfReference on_signed_self_reference = store::SignedSelfReference::normalise;
    std::optional<std::string> out;
    bool json = false, derive_uuid = false;

    bool check = false;
    std::optional<std::string> ca, narinfo;
    std::optional<Scheme> scheme;  // none: any
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_ca(Command app, CaArguments& arguments);
/// Adds what parsing leaves aside. Throws UsageError; opens nothing.
void complete_ca(CaArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_ca(const CaArguments& arguments);

// One file each.
ExitStatus compute_ca(const CaArguments& arguments);
ExitStatus check_ca(const CaArguments& arguments);

}  // namespace reseal::cli
