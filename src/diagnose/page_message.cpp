// SPDX-License-Identifier: BSL-1.0
#include "diagnose/page_message.hpp"

#include "diagnose/log_message.hpp"
#include "diagnose/log_path.hpp"

namespace reseal::diagnose {
namespace {

std::optional<LogTime> read_time(Scan& scan) {
    LogTime time;
    time.seconds = scan.number();
    scan.expect(".");
    time.nanoseconds = scan.integer();  // not a fraction: printed without leading zeros
    if (!scan.ok()) return {};
    return time;
}

void read_times(std::string_view text, LogEvent& event) {
    Scan scan(text);
    std::optional<LogTime> cs_mtime = read_time(scan);
    if (!scan.accept(" == ")) scan.expect(" != ");
    scan.expect("mtime:");
    std::optional<LogTime> mtime = read_time(scan);
    if (!cs_mtime || !mtime) return;
    event.cs_mtime = cs_mtime;
    event.mtime = mtime;
}

std::optional<LogPage> read_page(std::string_view text) {
    Scan scan(text);
    LogPage page;
    auto field = [&](std::string_view name) {
        scan.spaces();
        scan.expect(name);
        return scan.integer();
    };
    page.signed_ = field("signed:");
    page.validated = field("validated:");
    page.tainted = field("tainted:");
    page.nx = field("nx:");
    page.wpmapped = field("wpmapped:");
    page.dirty = field("dirty:");
    page.depth = field("depth:");
    if (!scan.ok()) return {};
    return page;
}

}  // namespace

LogEvent of_kind(LogKind kind) {
    LogEvent event;
    event.kind = kind;
    return event;
}

std::optional<LogEvent> read_invalid_page(Scan scan) {
    LogEvent event = of_kind(LogKind::invalid_page);
    event.address = scan.expect("0x").hex();
    event.pid = scan.expect("): p=").integer();
    scan.expect("[");
    if (!scan.ok()) return {};
    constexpr std::string_view behind_name = "] final status 0x";
    const std::size_t end = scan.rest().find(behind_name);
    if (end == std::string_view::npos) {
        event.process = kept(scan.rest().substr(0, scan.rest().rfind(']')));
        return event;
    }
    event.process = kept(scan.until(behind_name));
    const std::uint64_t status = scan.hex();
    if (!scan.ok() || status > UINT32_MAX) return {};
    event.status = static_cast<std::uint32_t>(status);
    if (scan.accept(", allowing")) event.action = LogAction::allowing;
    else if (scan.accept(", denying")) event.action = LogAction::denying;
    if (scan.rest().find("sending SIGKILL") != std::string_view::npos) event.action = LogAction::killing;
    return event;
}

std::optional<LogEvent> read_rejected_page(Scan scan) {
    LogEvent event = of_kind(LogKind::rejected_page);
    event.pid = scan.integer();
    scan.expect("[");
    event.process = kept(scan.until("]: rejecting invalid page"));
    scan.until(" at address ");
    event.address = scan.expect("0x").hex();
    event.offset = scan.expect(" from offset ").expect("0x").hex();
    if (!scan.ok()) return {};
    if (!scan.accept(" in file ")) return event;
    const std::string_view rest = scan.rest();
    const std::size_t times = rest.rfind(" (cs_mtime:");
    if (times == std::string_view::npos) {
        set_path(event, quoted(rest));
        return event;
    }
    set_path(event, unquoted(rest.substr(0, times)));
    const std::string_view facts = rest.substr(times);
    read_times(facts.substr(facts.find(':') + 1), event);
    const std::size_t page = facts.find("(signed:");
    if (page != std::string_view::npos) event.page = read_page(facts.substr(page + 1));
    return event;
}

std::optional<LogEvent> read_initial_page(Scan scan) {
    LogEvent event = of_kind(LogKind::invalid_initial_page);
    const std::string_view who = scan.until("]: invalid initial page at offset ");
    const std::size_t bracket = who.rfind('[');
    if (!scan.ok() || bracket == std::string_view::npos) return {};
    event.process = kept(who.substr(0, bracket));
    Scan number(who.substr(bracket + 1));
    event.pid = number.integer();
    if (!number.ok() || !number.rest().empty()) return {};
    const std::int64_t offset = scan.integer();
    LogPage page;
    page.signed_ = 1;
    page.validated = scan.expect(" validated:").integer();
    const std::int64_t result = scan.expect(" tainted:").integer();  // bsd/sys/ubc.h: CS_VALIDATE_TAINTED 1, CS_VALIDATE_NX 2
    const std::uint64_t status = scan.expect(" csflags:0x").hex();
    if (!scan.ok() || offset < 0 || status > UINT32_MAX) return {};
    page.tainted = result & 1;
    page.nx = (result >> 1) & 1;
    event.offset = static_cast<std::uint64_t>(offset);
    event.page = page;
    event.status = static_cast<std::uint32_t>(status);
    return event;
}

}  // namespace reseal::diagnose
