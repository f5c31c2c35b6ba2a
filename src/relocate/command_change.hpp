// SPDX-License-Identifier: BSL-1.0
#pragma once
// Puts other strings into an image's load commands, also longer ones: a command whose room does not do grows, those behind it
// move, all of them into the gap between the load commands and the first section. Nothing else in the image moves.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "macho/command_strings.hpp"
#include "macho/defect.hpp"

namespace reseal::relocate {

struct CommandChange {
    macho::CommandString string;  ///< one of macho::command_strings(head)
    std::string to;               ///< what shall stand there: no NUL in it
};

/// How many of the image's first bytes change_commands() wants to see. `head`: as many as macho::header_bytes_wanted() asks
/// for.
std::size_t change_bytes_wanted(std::string_view head, const std::vector<CommandChange>& changes);

/// `head` with `changes` (ascending, a command at most once) made, as long as it was. The defect load-commands-full says how
/// many bytes are missing: where the load commands would run into what the image holds.
macho::Parsed<std::string> change_commands(std::string_view head, const std::vector<CommandChange>& changes);

}  // namespace reseal::relocate
