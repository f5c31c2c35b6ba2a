// SPDX-License-Identifier: BSL-1.0
#include "diagnose/crash_text.hpp"

#include <array>
#include <utility>

#include "diagnose/log_message.hpp"
#include "diagnose/scan.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::array crash_keys = std::to_array<std::string_view>({
    "Process:",
    "Path:",
    "Code Type:",
    "Exception Type:",
    "Exception Codes:",
    "Exception Subtype:",
    "Termination Reason:",
    "Binary Images:",
});

/// "NAME [PID]"
void read_process(std::string_view value, LogEvent& event) {
    const std::size_t bracket = value.rfind(" [");
    event.process = kept(value.substr(0, bracket));
    if (bracket == std::string_view::npos) return;
    Scan scan(value.substr(bracket + 2));
    const std::int64_t pid = scan.integer();
    scan.expect("]");
    if (scan.ok()) event.pid = pid;
}

/// "Namespace CODESIGNING, Code 0x2", "Namespace CODESIGNING, Code 2 Invalid Page", "CODESIGNING 2 Invalid Page"
Termination read_termination(std::string_view value) {
    Scan scan(value);
    scan.accept("Namespace ");
    const std::string_view space = scan.rest().substr(0, scan.rest().find_first_of(", "));
    Termination termination;
    termination.space = kept(space);
    Scan behind(scan.rest().substr(space.size()));
    behind.accept(",");
    behind.spaces();
    behind.accept("Code ");
    Scan number = behind;
    const std::uint64_t code = number.number();
    if (number.ok()) {
        termination.code = code;
        behind = number;
    }
    behind.accept(",");
    behind.spaces();
    termination.reason = kept(behind.rest());
    if (termination.reason.empty() && termination.code)
        termination.reason = termination_name(termination.space, *termination.code);
    return termination;
}

/// "0x100 -  0x1ff  NAME (VERSION) <UUID> PATH"
void read_image(std::string_view line, LogEvent& event) {
    Scan scan(line);
    scan.spaces();
    const std::uint64_t first = scan.expect("0x").hex();
    scan.spaces();
    scan.expect("-");
    scan.spaces();
    const std::uint64_t last = scan.expect("0x").hex();
    scan.until("<");
    scan.until("> ");
    if (!scan.ok() || !event.address || *event.address < first || *event.address > last) return;
    if (event.image_base || !scan.rest().starts_with("/")) return;
    event.image_base = first;
    event.path = kept(scan.rest());
}

}  // namespace

std::string crash_arch(std::string_view code_type) {
    constexpr std::array types = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"ARM-64", "arm64"},
        {"X86-64", "x86_64"},
        {"X86", "i386"},
    });
    const std::string_view word = code_type.substr(0, code_type.find(' '));
    for (const auto& [from, to] : types)
        if (word == from) return std::string(to);
    return {};
}

std::optional<std::uint64_t> crash_address(std::string_view text) {
    for (std::string_view before : {" at 0x", ", 0x"}) {
        const std::size_t at = text.find(before);
        if (at == std::string_view::npos) continue;
        Scan scan(text.substr(at + before.size()));
        const std::uint64_t address = scan.hex();
        if (scan.ok() && address != 0) return address;
    }
    return {};
}

/// Whether the field belongs to the report so far: one that it has already begins another report.
bool CrashText::field(std::string_view key, std::string_view value) {
    LogEvent& event = *report_;
    if (key == "Process:") {
        if (!event.process.empty() || !event.exception.empty() || event.termination) return false;
        read_process(value, event);
    } else if (key == "Path:") {
        if (!event.image_base) event.path = kept(value);
    } else if (key == "Code Type:") {
        event.arch = crash_arch(value);
    } else if (key == "Exception Type:") {
        if (!event.exception.empty()) return false;
        event.exception = kept(value);
    } else if (key == "Termination Reason:") {
        if (event.termination) return false;
        event.termination = read_termination(value);
    } else if (key == "Binary Images:") {
        in_images_ = true;
    } else if (!event.address) {
        event.address = crash_address(value);
    }
    return true;
}

std::optional<LogEvent> CrashText::add(std::string_view line, std::size_t number) {
    Scan scan(line);
    scan.spaces();
    for (std::string_view key : crash_keys) {
        if (!scan.accept(key)) continue;
        scan.spaces();
        const bool may_begin = key == "Process:" || key == "Exception Type:" || key == "Termination Reason:";
        if (!report_ && !may_begin) return {};
        std::optional<LogEvent> ended;
        auto begin = [&] {
            report_.emplace();
            report_->kind = LogKind::crash;
            report_->line = number;
            in_images_ = false;
        };
        if (!report_) begin();
        if (!field(key, scan.rest())) {
            ended = finish();
            begin();
            field(key, scan.rest());
        }
        return ended;
    }
    if (in_images_ && report_) read_image(line, *report_);
    return {};
}

std::optional<LogEvent> CrashText::finish() {
    std::optional<LogEvent> ended = std::exchange(report_, std::nullopt);
    in_images_ = false;
    if (ended && ended->exception.empty() && !ended->termination) return {};
    return ended;
}

}  // namespace reseal::diagnose
