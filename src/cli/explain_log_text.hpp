// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a log tells, for a person.
#include <string>
#include <vector>

#include "cli/decoded_event.hpp"

namespace reseal::cli {

/// Lines, each with its end: the process, a sentence for each thing that happened to it, indented below that the page in its
/// file, what the times tell, and the status. What happened again and again is told once.
std::string logged_process_text(const LoggedProcess& process);

/// What to do about files that are named and not at hand; empty where there are none. Names at most eight.
std::string absent_files_text(const std::vector<DecodedEvent>& events);

}  // namespace reseal::cli
