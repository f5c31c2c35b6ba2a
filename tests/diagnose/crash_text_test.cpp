// SPDX-License-Identifier: BSL-1.0
// Crash reports in their text form.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <reseal/log.hpp>

namespace reseal::crash_text_test {
namespace {

const std::string report =
    "Process:               tool [1221]\n"
    "Path:                  /opt/tool/bin/tool\n"
    "Identifier:            tool\n"
    "Code Type:             ARM-64 (Native)\n"
    "Parent Process:        zsh [67]\n"
    "\n"
    "Exception Type:        EXC_BAD_ACCESS (Code Signature Invalid)\n"
    "Exception Codes:       0x0000000000000032, 0x0000000104b08000\n"
    "Exception Note:        EXC_CORPSE_NOTIFY\n"
    "\n"
    "Termination Reason:    Namespace CODESIGNING, Code 0x2\n"
    "\n"
    "Binary Images:\n"
    "       0x104a00000 -        0x104a0ffff +tool (0) <7A1F0000-0000-0000-0000-000000000001> /opt/tool/bin/tool\n"
    "       0x104b00000 -        0x104b0ffff libx.dylib (*) <7A1F0000-0000-0000-0000-000000000002> /opt/tool/lib/libx.dylib\n"
    "               0x0 - 0xffffffffffffffff ??? (*) <00000000-0000-0000-0000-000000000000> /what/is/left\n";

std::vector<LogEvent> events(const std::string& text) { return read_log(text).events; }

}  // namespace

TEST_CASE("a crash report says who was ended for what, at which address of which image") {
    const std::vector<LogEvent> all = events("a log's first line\n" + report);
    REQUIRE(all.size() == 1);
    const LogEvent& event = all.front();
    CHECK(event.kind == LogKind::crash);
    CHECK(event.line == 2);
    CHECK(event.process == "tool");
    CHECK(event.pid == 1221);
    CHECK(event.arch == "arm64");
    CHECK(event.exception == "EXC_BAD_ACCESS (Code Signature Invalid)");
    CHECK(event.address == 0x104b08000);
    CHECK(event.image_base == 0x104b00000);
    CHECK(event.path == "/opt/tool/lib/libx.dylib");
    CHECK(event.termination == Termination{"CODESIGNING", 2, "Invalid Page"});
}

TEST_CASE("the ways in which a termination reason is written") {
    const auto reason = [](const std::string& text) {
        const std::vector<LogEvent> all = events("Termination Reason:    " + text + "\r\n");
        REQUIRE(all.size() == 1);
        return all.front().termination.value();
    };
    CHECK(reason("Namespace CODESIGNING, Code 2 Invalid Page") == Termination{"CODESIGNING", 2, "Invalid Page"});
    CHECK(reason("Namespace CODESIGNING, Code 1, Taskgated Invalid Signature") ==
          Termination{"CODESIGNING", 1, "Taskgated Invalid Signature"});
    CHECK(reason("CODESIGNING 4 Launch Constraint Violation") == Termination{"CODESIGNING", 4, "Launch Constraint Violation"});
    CHECK(reason("Namespace EXEC, Code 0x8") == Termination{"EXEC", 8, "Security Policy"});
    CHECK(reason("Namespace SIGNAL, Code 0xb") == Termination{"SIGNAL", 11, ""});
    CHECK(reason("Namespace CODESIGNING, Code 99999999999999999999").code == std::nullopt);
    CHECK(reason("").space.empty());
}

TEST_CASE("an address in the words of a newer report") {
    const std::vector<LogEvent> all = events(
        "Exception Type:  EXC_BAD_ACCESS (SIGKILL - CODESIGNING)\nException Subtype: UNKNOWN_0x32 at 0x0000000100bfc000\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().address == 0x100bfc000);
    CHECK_FALSE(all.front().image_base);
}

TEST_CASE("an exception without an address has none") {
    const std::vector<LogEvent> all = events(
        "Exception Type:        EXC_CRASH (Code Signature Invalid)\nException Codes:       0x0000000000000000, "
        "0x0000000000000000\n");
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all.front().address);
}

TEST_CASE("two reports, one behind the other, do not mix") {
    const std::vector<LogEvent> all =
        events(report + "Process:               other [7]\nException Type:  EXC_CRASH (SIGABRT)\n");
    REQUIRE(all.size() == 2);
    CHECK(all[0].process == "tool");
    CHECK(all[1].process == "other");
    CHECK_FALSE(all[1].termination);
    CHECK(all[1].arch.empty());
    CHECK(events("Exception Type: A\nException Type: B\n").size() == 2);
    CHECK(events("Termination Reason: A 1\nTermination Reason: B 2\n").size() == 2);
}

TEST_CASE("a report and the kernel's lines in one log stand in the order in which they begin") {
    const std::vector<LogEvent> all =
        events("check_signature[pid: 1]: error = 1\n" + report + "check_signature[pid: 2]: error = 1\n");
    REQUIRE(all.size() == 3);
    CHECK(all[0].pid == 1);
    CHECK(all[1].kind == LogKind::crash);
    CHECK(all[2].pid == 2);
}

TEST_CASE("lines that look like a report's without an exception or a reason are none") {
    CHECK(events("Process: a [1]\nPath: /a\nBinary Images:\n0x1 - 0x2 a (0) <b> /c\n").empty());
    CHECK(events("Path: /a\nCode Type: X86-64\n").empty());
}

TEST_CASE("cutting a report anywhere never makes up what it does not say") {
    const LogEvent whole = events(report).front();
    for (std::size_t size = 0; size < report.size(); ++size) {
        const std::vector<LogEvent> all = events(report.substr(0, size));
        REQUIRE(all.size() <= 1);
        if (all.empty()) continue;
        CHECK(all.front().process == whole.process);
        CHECK(all.front().pid == whole.pid);
        CHECK(whole.exception.starts_with(all.front().exception));
        if (all.front().image_base) CHECK(whole.path.starts_with(all.front().path));
    }
}

}  // namespace reseal::crash_text_test
