// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file's name as the kernel prints it: in quotation marks, which stand in names too and which people's editors bend.
#include <reseal/log.hpp>
#include <string_view>

namespace reseal::diagnose {

/// `text` without the quotation marks around it.
std::string_view unquoted(std::string_view text);

/// What stands between the quotation mark that `text` begins with and the last one; nothing where the line was cut before it.
std::string_view quoted(std::string_view text);

void set_path(LogEvent& event, std::string_view path);

}  // namespace reseal::diagnose
