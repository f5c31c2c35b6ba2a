// SPDX-License-Identifier: BSL-1.0
#pragma once
// What people have when they look for help: a log, what dmesg prints, a crash report of either form.
#include <reseal/log.hpp>
#include <string>

namespace reseal::cli {

/// `name`: a file's, or "-" for standard input. Throws Error where it cannot be read, or is no text.
Log read_log_or_report(const std::string& name);

}  // namespace reseal::cli
