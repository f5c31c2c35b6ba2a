// SPDX-License-Identifier: BSL-1.0
#pragma once
// A crash report as the system writes it since macOS 12 (`.ips`): a line of JSON that says what it is, and a document of JSON
// behind it. Here because libreseal stands on no JSON; its text form is read_log()'s.
#include <optional>
#include <reseal/log.hpp>
#include <string>
#include <string_view>

namespace reseal::cli {

/// The report as the event that read_log() makes of the text form, and with the process's status. Nothing where `text` is no
/// such report, or one of something else than an ended process. Throws Error (ErrorCode::malformed, entry `file`) where it
/// begins as one and its document is no JSON, or larger than package::parse_json() takes.
std::optional<LogEvent> read_crash_report(std::string_view text, const std::string& file);

}  // namespace reseal::cli
