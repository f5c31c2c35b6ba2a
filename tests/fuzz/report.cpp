// SPDX-License-Identifier: BSL-1.0
// Any bytes as a crash report in JSON, or as a log: what people append to a report does not matter, what is kept of it is
// bounded, and what is printed of either is text that does not speak to a terminal, and JSON.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>

#include "cli/crash_report.hpp"
#include "cli/explain_log_json.hpp"
#include "cli/explain_log_text.hpp"
#include "fuzz/feed.hpp"

namespace {

using namespace reseal;

struct ReadReport {
    std::optional<LogEvent> event;
    bool malformed = false;
    bool operator==(const ReadReport&) const = default;
};

ReadReport read_report(const std::string& text) {
    try {
        return {cli::read_crash_report(text, "report"), false};
    } catch (const Error& error) {
        fuzz::require(error.error() == ErrorCode::malformed, "another error than that it is malformed");
        return {{}, true};
    }
}

void check_bounds(const LogEvent& event) {
    fuzz::require(event.kind == LogKind::crash && event.line == 1, "a report that is something else");
    for (const std::string* text : {&event.process, &event.path, &event.exception, &event.arch, &event.message})
        fuzz::require(text->size() <= max_log_message, "a text is too long");
    if (event.termination)
        fuzz::require(event.termination->space.size() <= max_log_message && event.termination->reason.size() <= max_log_message,
                      "a reason is too long");
}

/// As both forms print it.
void check_printed(std::vector<LogEvent> events) {
    std::vector<cli::DecodedEvent> decoded;
    for (LogEvent& event : events) {
        const cli::DecodedEvent one{std::move(event), {}, {}};
        const std::string line = cli::logged_event_json(one, {}).dump();
        fuzz::require(line.find('\n') == std::string::npos, "an object of more than one line");
        fuzz::require(nlohmann::json::parse(line).at("line") == one.event.line, "JSON that says something else");
        decoded.push_back(one);
    }
    std::size_t told = 0;
    for (const cli::LoggedProcess& process : cli::by_process(decoded)) {
        told += process.events.size();
        for (const char c : cli::logged_process_text(process))
            fuzz::require(c == '\n' || static_cast<unsigned char>(c) >= 0x20, "a control character for a terminal");
    }
    fuzz::require(told == decoded.size(), "an event of no process, or of two");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const bool report = feed.flag();
    const std::string text(feed.rest());
    if (!report) {
        check_printed(read_log(text).events);
        return 0;
    }
    const ReadReport read = read_report(text);
    if (!read.event) return 0;
    check_bounds(*read.event);
    check_printed({*read.event});
    fuzz::require(read_report(text + "\r\n\nModel: a, 16 GB\n") == read, "what stands behind the report changes it");
    return 0;
}
