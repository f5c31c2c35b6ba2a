// SPDX-License-Identifier: BSL-1.0
#pragma once
// Finds what the kernel says about signatures in the text of one line, whatever stands before, behind and between: styles of
// logs differ in what they put before a message, and some messages end without a new line, so that another one follows at once.
#include <reseal/log.hpp>
#include <string_view>
#include <vector>

namespace reseal::diagnose {

/// In the order of the text; LogEvent::line is left to the caller. Takes time that is linear in the text's length.
std::vector<LogEvent> read_messages(std::string_view text);

/// A message of AMFI or the system's policy: what process and file it names.
LogEvent read_policy(std::string_view message);

/// At most max_log_message bytes of it.
std::string kept(std::string_view text);

}  // namespace reseal::diagnose
