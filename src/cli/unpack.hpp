// SPDX-License-Identifier: BSL-1.0
#pragma once
// `reseal unpack`: relocatable archives put in place.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"
#include "cli/relocate_options.hpp"
#include "package/unpack.hpp"

namespace reseal::cli {

struct UnpackArguments {
    RelocateOptions options;
    PrefixWords prefix_words;
    std::vector<PrefixPair> pairs;
    std::vector<std::string> archives;
    std::string destination;
    std::optional<std::string> prefix, python;
    std::optional<std::string> tab;           ///< a file
    std::vector<std::string> homebrew_words;  ///< NAME=PATH
    std::vector<std::pair<std::string, std::string>> homebrew;
    package::ExternalLinks external_links = package::ExternalLinks::warn;
    bool merge = false;
    std::optional<std::string> max_bytes, max_entries, max_ratio;
    package::Limits limits;
};

/// Declares the sub-command; parsing fills `arguments`, which must outlive the command line.
Command add_unpack(Command app, UnpackArguments& arguments);
/// Adds what has to arrive byte for byte. Throws UsageError; opens nothing.
void complete_unpack(UnpackArguments& arguments, const Words& words);

/// Throws Error.
ExitStatus run_unpack(const UnpackArguments& arguments);

}  // namespace reseal::cli
