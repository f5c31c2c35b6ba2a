// SPDX-License-Identifier: BSL-1.0
// AMFI and the system's policy are not published: these forms are those of lines that people have shown. What is not
// recognized stays in the message, which is kept as it is.
#include "diagnose/log_message.hpp"
#include "diagnose/scan.hpp"

namespace reseal::diagnose {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// "killing NAME (pid PID): "
void read_killed(std::string_view message, LogEvent& event) {
    constexpr std::string_view word = " killing ";
    const std::size_t at = message.find(word);
    if (at == std::string_view::npos) return;
    Scan scan(message.substr(at + word.size()));
    const std::string_view process = scan.until(" (pid ");
    const std::int64_t pid = scan.integer();
    scan.expect(")");
    if (!scan.ok()) return;
    event.process = kept(process);
    event.pid = pid;
    event.action = LogAction::killing;
}

/// "…: PID, PATH", of which the number may be missing.
void read_disallowed(Scan scan, LogEvent& event) {
    if (!scan.accept(": ")) return;
    Scan with_pid = scan;
    const std::int64_t pid = with_pid.integer();
    with_pid.expect(", ");
    if (with_pid.ok()) {
        event.pid = pid;
        scan = with_pid;
    }
    if (scan.rest().starts_with("/")) event.path = kept(scan.rest());
    event.action = LogAction::denying;
}

}  // namespace

LogEvent read_policy(std::string_view message) {
    message = trimmed(message);
    LogEvent event;
    event.kind = LogKind::policy;
    event.message = kept(message);
    Scan scan(message);
    if (scan.accept("Security policy would not allow process")) {
        read_disallowed(scan, event);
    } else if (scan.accept("mac_vnode_check_signature: ")) {
        const std::string_view path = scan.until(": code signature validation failed");
        if (scan.ok()) event.path = kept(path);
    } else {
        scan.until("'");
        const std::string_view path = scan.until("'");
        if (scan.ok() && path.starts_with("/")) event.path = kept(path);
        read_killed(message, event);
    }
    return event;
}

}  // namespace reseal::diagnose
