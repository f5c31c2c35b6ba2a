// SPDX-License-Identifier: BSL-1.0
// The formats are those of xnu's printf()s: bsd/kern/kern_cs.c, osfmk/vm/vm_fault.c, bsd/kern/mach_loader.c,
// bsd/kern/ubc_subr.c.
#include "explain/log_message.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "explain/scan.hpp"

namespace reseal::explain {
namespace {

constexpr auto npos = std::string_view::npos;

using Found = std::optional<LogEvent>;

LogEvent of_kind(LogKind kind) {
    LogEvent event;
    event.kind = kind;
    return event;
}

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

/// Quotation marks as they were printed, and as what people paste from may have bent them.
std::string_view unquoted(std::string_view text) {
    for (std::string_view mark : {"\"", "\xe2\x80\x9c"})
        if (text.starts_with(mark)) {
            text.remove_prefix(mark.size());
            break;
        }
    for (std::string_view mark : {"\"", "\xe2\x80\x9d", "\xe2\x80\x9c"})
        if (text.ends_with(mark)) {
            text.remove_suffix(mark.size());
            break;
        }
    return text;
}

/// A file's name in quotation marks at the beginning of `text`, which has its own end where the line was cut behind it; nothing
/// where it was cut within.
std::string_view quoted(std::string_view text) {
    for (std::string_view mark : {"\"", "\xe2\x80\x9d"}) {
        const std::size_t end = text.rfind(mark);
        if (end != npos && end > 0) return unquoted(text.substr(0, end + mark.size()));
    }
    return {};
}

void set_path(LogEvent& event, std::string_view path) {
    if (path == "<nil>") return;  // the page is no file's
    event.path = kept(path);
    event.path_cut = path.find("/.../") != npos;
}

/// Behind "cs_invalid_page(".
Found read_invalid_page(Scan scan) {
    LogEvent event = of_kind(LogKind::invalid_page);
    event.address = scan.expect("0x").hex();
    event.pid = scan.expect("): p=").integer();
    scan.expect("[");
    if (!scan.ok()) return {};
    constexpr std::string_view behind_name = "] final status 0x";
    const std::size_t end = scan.rest().find(behind_name);
    if (end == npos) {
        event.process = kept(scan.rest().substr(0, scan.rest().rfind(']')));
        return event;
    }
    event.process = kept(scan.until(behind_name));
    const std::uint64_t status = scan.hex();
    if (!scan.ok() || status > UINT32_MAX) return {};
    event.status = static_cast<std::uint32_t>(status);
    if (scan.accept(", allowing")) event.action = LogAction::allowing;
    else if (scan.accept(", denying")) event.action = LogAction::denying;
    if (scan.rest().find("sending SIGKILL") != npos) event.action = LogAction::killing;
    return event;
}

/// Behind "process ".
Found read_rejected_page(Scan scan) {
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
    if (times == npos) {
        set_path(event, quoted(rest));
        return event;
    }
    set_path(event, unquoted(rest.substr(0, times)));
    const std::string_view facts = rest.substr(times);
    read_times(facts.substr(facts.find(':') + 1), event);
    const std::size_t page = facts.find("(signed:");
    if (page != npos) event.page = read_page(facts.substr(page + 1));
    return event;
}

/// "NAME[PID]: invalid initial page at offset …"
Found read_initial_page(Scan scan) {
    LogEvent event = of_kind(LogKind::invalid_initial_page);
    const std::string_view who = scan.until("]: invalid initial page at offset ");
    const std::size_t bracket = who.rfind('[');
    if (!scan.ok() || bracket == npos) return {};
    event.process = kept(who.substr(0, bracket));
    event.pid = Scan(who.substr(bracket + 1)).integer();
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

/// Behind "CODE SIGNING: "; that of an invalid page has a mark of its own.
Found read_code_signing(Scan scan) {
    if (scan.accept("process ")) return read_rejected_page(scan);
    return read_initial_page(scan);
}

/// Behind "load code signature error "; `before` may end in "proc PID: ".
Found read_load_error(std::string_view before, Scan scan) {
    LogEvent event = of_kind(LogKind::load_error);
    event.number = scan.integer();
    if (!scan.ok()) return {};
    if (scan.accept(" for file ")) set_path(event, quoted(scan.rest()));
    const std::size_t proc = before.rfind("proc ");
    if (proc != npos) {
        Scan who(before.substr(proc));
        const std::int64_t pid = who.expect("proc ").integer();
        who.expect(": ");
        if (who.ok() && who.rest().empty()) event.pid = pid;
    }
    return event;
}

Found read_check_signature(Scan scan) {
    LogEvent event = of_kind(LogKind::check_signature);
    event.pid = scan.integer();
    if (!scan.accept("]: error = ")) scan.expect("], error = ");  // it was a comma until 2019
    event.number = scan.integer();
    if (!scan.ok()) return {};
    return event;
}

Found read_number(LogKind kind, Scan scan, std::string_view behind = {}) {
    LogEvent event = of_kind(kind);
    event.number = scan.integer();
    scan.expect(behind);
    if (!scan.ok()) return {};
    return event;
}

// In this order: read_marked() goes by it.
constexpr std::array marks = std::to_array<std::string_view>({
    "cs_invalid_page(",
    "CODE SIGNING: ",
    "load code signature error ",
    "check_signature[pid: ",
    "disallowing unsupported code signature page shift: ",
    "multiple hash=",
    "unable to validate security-critical blob: ",
    "can not re-validate a previously invalidated blob",
    "embedded signature doesn",
    "AMFI: ",
    "Security policy would not allow process",
    "mac_vnode_check_signature: ",
    "Library Validation failed: ",
});

Found read_marked(std::size_t mark, std::string_view before, std::string_view message) {
    const Scan scan(message.substr(marks[mark].size()));
    switch (mark) {
        case 0: return read_invalid_page(scan);
        case 1: return read_code_signing(scan);
        case 2: return read_load_error(before, scan);
        case 3: return read_check_signature(scan);
        case 4: return read_number(LogKind::page_shift, scan);
        case 5: return read_number(LogKind::duplicate_directories, scan, " CodeDirectories in signature");
        case 6: return read_number(LogKind::security_blob, scan);
        case 7: return of_kind(LogKind::revalidation);
        case 8:
            if (message.find("match attached signature") == npos) return {};
            return of_kind(LogKind::attached_mismatch);
        default: return read_policy(message);
    }
}

/// Where each mark stands next: a search goes over the text once.
class Marks {
public:
    explicit Marks(std::string_view text) : text_(text) {
        for (std::size_t i = 0; i < marks.size(); ++i) at_[i] = text.find(marks[i]);
    }
    struct Hit {
        std::size_t at = npos, mark = 0;
    };
    /// The first one from `from` on.
    Hit next(std::size_t from) {
        Hit hit;
        for (std::size_t i = 0; i < marks.size(); ++i) {
            if (at_[i] != npos && at_[i] < from) at_[i] = text_.find(marks[i], from);
            if (at_[i] < hit.at) hit = {at_[i], i};
        }
        return hit;
    }

private:
    std::string_view text_;
    std::array<std::size_t, marks.size()> at_{};
};

}  // namespace

std::string kept(std::string_view text) { return std::string(text.substr(0, max_log_message)); }

std::vector<LogEvent> read_messages(std::string_view text) {
    std::vector<LogEvent> events;
    Marks all(text);
    std::size_t before = 0;
    for (Marks::Hit hit = all.next(0); hit.at != npos;) {
        const Marks::Hit next = all.next(hit.at + 1);
        const std::string_view message = text.substr(hit.at, std::min(next.at, text.size()) - hit.at);
        if (Found event = read_marked(hit.mark, text.substr(before, hit.at - before), message))
            events.push_back(std::move(*event));
        before = hit.at;
        hit = next;
    }
    return events;
}

}  // namespace reseal::explain
