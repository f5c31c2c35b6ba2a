// SPDX-License-Identifier: BSL-1.0
// The formats are those of xnu's printf()s: bsd/kern/mach_loader.c, bsd/kern/ubc_subr.c, and what page_message.hpp names.
#include "diagnose/log_message.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "diagnose/log_path.hpp"
#include "diagnose/page_message.hpp"
#include "diagnose/scan.hpp"

namespace reseal::diagnose {
namespace {

constexpr auto npos = std::string_view::npos;

using Found = std::optional<LogEvent>;

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
    if (!scan.accept("]: error = ")) scan.expect("], error = ");  // older kernels print a comma
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
        before = hit.at;  // no need to look further back, and time stays linear
        hit = next;
    }
    return events;
}

}  // namespace reseal::diagnose
