// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_log_input.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <reseal/error.hpp>
#include <string_view>

#include "cli/crash_report.hpp"
#include "fs/input_file.hpp"
#include "fs/input_kind.hpp"
#include "fs/spooled_file.hpp"
#include "package/json.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t log_head = 4096;

std::unique_ptr<Source> open_log(const std::string& name) {
    if (fs::kind_of_input(name) == fs::Kind::folder) throw Error(ErrorCode::io, "a folder, not a log", name);
    fs::InputFile in(name);
    return fs::spooled(in, max_log_size + 1);  // one more, by which read_log() sees that there are more
}

std::string head_of(const Source& log) {
    std::string head(static_cast<std::size_t>(std::min<std::uint64_t>(log.size(), log_head)), '\0');
    head.resize(log.read_at(0, head.data(), head.size()));
    return head;
}

/// A report is one document, so it is read whole; a log that begins with a brace is seldom as large.
std::optional<LogEvent> report_in(const Source& log, std::string_view head, const std::string& name) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || head[first] != '{' || log.size() > package::max_json_text) return {};
    std::string text(static_cast<std::size_t>(log.size()), '\0');
    text.resize(log.read_at(0, text.data(), text.size()));
    return read_crash_report(text, name);
}

}  // namespace

Log read_log_or_report(const std::string& name) {
    const std::unique_ptr<Source> file = open_log(name);
    const std::string head = head_of(*file);
    if (std::optional<LogEvent> report = report_in(*file, head, name)) {
        Log log;
        log.events.push_back(std::move(*report));
        return log;
    }
    Log log = read_log(*file);
    if (log.events.empty() && head.find('\0') != std::string::npos)
        throw Error(ErrorCode::malformed, "not a log: it holds bytes that no text has; a program is explained without --log",
                    name);
    return log;
}

}  // namespace reseal::cli
