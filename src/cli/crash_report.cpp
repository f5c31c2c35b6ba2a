// SPDX-License-Identifier: BSL-1.0
#include "cli/crash_report.hpp"

#include <reseal/error.hpp>

#include "diagnose/crash_text.hpp"
#include "diagnose/log_message.hpp"
#include "package/json.hpp"

namespace reseal::cli {
namespace {

using package::Json;

std::string report_text(const Json* object, const std::string& key) {
    const Json* value = object ? package::member(*object, key) : nullptr;
    const auto* text = value ? value->get_ptr<const Json::string_t*>() : nullptr;
    return text ? diagnose::kept(*text) : std::string();
}

/// Negative ones are none: a report has no use for them.
std::optional<std::uint64_t> report_number(const Json* object, const std::string& key) {
    const Json* value = object ? package::member(*object, key) : nullptr;
    if (!value || !value->is_number_unsigned()) return {};
    return value->get<std::uint64_t>();
}

std::string_view without_spaces(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const std::size_t first = text.find_first_not_of(spaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

struct Parts {
    std::string_view header, body;
};

/// Whether a report of this kind begins so is up to its header. What people append to the document, they append behind its last
/// brace.
std::optional<Parts> split_report(std::string_view text) {
    text = without_spaces(text);
    const std::size_t end = text.find('\n');
    if (!text.starts_with('{') || end == std::string_view::npos) return {};
    const std::string_view body = without_spaces(text.substr(end));
    if (!body.starts_with('{')) return {};
    const std::size_t last = body.rfind('}');
    return Parts{without_spaces(text.substr(0, end)), body.substr(0, last == std::string_view::npos ? body.size() : last + 1)};
}

bool is_report_header(std::string_view header, const std::string& file) {
    constexpr std::size_t longest = std::size_t{64} << 10;
    if (header.size() > longest) return false;
    try {
        return package::member(package::parse_json(header, file), "bug_type") != nullptr;
    } catch (const Error&) {
        return false;  // some other text that begins with a brace
    }
}

std::string exception_text(const Json* exception) {
    std::string text = report_text(exception, "type");
    const std::string signal = report_text(exception, "signal");
    if (!signal.empty()) text.append(text.empty() ? "" : " ").append("(").append(signal).append(")");
    return diagnose::kept(text);
}

std::optional<Termination> termination_of(const Json* termination) {
    if (!termination || !termination->is_object()) return {};
    Termination out{report_text(termination, "namespace"), report_number(termination, "code"),
                    report_text(termination, "indicator")};
    if (out.reason.empty() && out.code) out.reason = termination_name(out.space, *out.code);
    return out;
}

/// The image that holds the address takes the place of the program.
void set_image(const Json* images, LogEvent& event) {
    const std::vector<Json>* list = images ? package::elements(*images) : nullptr;
    if (!list || !event.address) return;
    for (const Json& image : *list) {
        const std::optional<std::uint64_t> base = report_number(&image, "base"), size = report_number(&image, "size");
        const std::string path = report_text(&image, "path");
        if (!base || !size || path.empty() || *event.address < *base || *event.address - *base >= *size) continue;
        event.image_base = base;
        event.path = path;
        const std::string arch = report_text(&image, "arch");
        if (!arch.empty()) event.arch = arch;
        return;
    }
}

}  // namespace

std::optional<LogEvent> read_crash_report(std::string_view text, const std::string& file) {
    const std::optional<Parts> parts = split_report(text);
    if (!parts || !is_report_header(parts->header, file)) return {};
    const Json body = package::parse_json(parts->body, file);
    const Json* exception = package::member(body, "exception");

    LogEvent event;
    event.kind = LogKind::crash;
    event.line = 1;
    event.exception = exception_text(exception);
    event.termination = termination_of(package::member(body, "termination"));
    if (event.exception.empty() && !event.termination) return {};
    event.process = report_text(&body, "procName");
    event.path = report_text(&body, "procPath");
    event.arch = diagnose::crash_arch(report_text(&body, "cpuType"));
    if (const std::optional<std::uint64_t> pid = report_number(&body, "pid"); pid && *pid <= INT32_MAX)
        event.pid = static_cast<std::int64_t>(*pid);
    if (const std::optional<std::uint64_t> status = report_number(&body, "codeSigningFlags"); status && *status <= UINT32_MAX)
        event.status = static_cast<std::uint32_t>(*status);
    event.address = diagnose::crash_address(report_text(exception, "subtype"));
    if (!event.address) event.address = diagnose::crash_address(report_text(exception, "codes"));
    set_image(package::member(body, "usedImages"), event);
    return event;
}

}  // namespace reseal::cli
