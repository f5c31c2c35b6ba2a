// SPDX-License-Identifier: BSL-1.0
// What the kernel says of signatures, out of logs as people have them: in the formats of xnu, with whatever stands around.
#include <reseal/log.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace reseal::log_test {
namespace {

using Names = std::vector<std::string>;

const std::string status_line =
    "CODE SIGNING: cs_invalid_page(0x104b00000): p=328[tool] final status 0x23020200, denying page sending SIGKILL";
const std::string page_line =
    "CODE SIGNING: process 328[tool]: rejecting invalid page at address 0x104b00000 from offset 0x8000 in file "
    "\"/opt/tool/bin/tool\" (cs_mtime:1700000000.5 != mtime:1700000100.250000000) (signed:1 validated:1 tainted:1 nx:0 "
    "wpmapped:0 dirty:0 depth:2)";

LogEvent only(const std::string& text) {
    const Log log = read_log(text);
    CHECK(log.notes.empty());
    REQUIRE(log.events.size() == 1);
    return log.events.front();
}

void check_rejected(LogEvent event, std::size_t line) {
    CHECK(event.kind == LogKind::rejected_page);
    CHECK(event.line == line);
    CHECK(event.process == "tool");
    CHECK(event.pid == 328);
    CHECK(event.address == 0x104b00000);
    CHECK(event.offset == 0x8000);
    CHECK(event.path == "/opt/tool/bin/tool");
    CHECK_FALSE(event.path_cut);
    CHECK(event.cs_mtime == LogTime{1700000000, 5});
    CHECK(event.mtime == LogTime{1700000100, 250000000});
    CHECK(event.page == LogPage{1, 1, 1, 0, 0, 0, 2});
}

}  // namespace

TEST_CASE("a process that is killed for a page: the final status and what was done") {
    const LogEvent event = only(status_line);
    CHECK(event.kind == LogKind::invalid_page);
    CHECK(event.line == 1);
    CHECK(event.pid == 328);
    CHECK(event.process == "tool");
    CHECK(event.address == 0x104b00000);
    CHECK(event.status == 0x23020200);
    CHECK(event.action == LogAction::killing);
    CHECK(status_names(*event.status) == Names{"KILL", "LINKER_SIGNED", "KILLED", "NO_UNTRUSTED_HELPERS", "SIGNED"});
}

TEST_CASE("a page that is given is not one that is denied, and denying does not kill") {
    CHECK(only("CODE SIGNING: cs_invalid_page(0x1000): p=9[a] final status 0x22000000, allowing (remove VALID) page").action ==
          LogAction::allowing);
    CHECK(only("CODE SIGNING: cs_invalid_page(0x1000): p=9[a] final status 0x22000101, denying page").action ==
          LogAction::denying);
}

TEST_CASE("the debugging line of an invalid page has no status") {
    const LogEvent event = only("CODE SIGNING: cs_invalid_page(0x1000): p=9[a b]");
    CHECK(event.process == "a b");
    CHECK(event.address == 0x1000);
    CHECK_FALSE(event.status);
}

TEST_CASE("a rejected page says which page of which file") { check_rejected(only(page_line), 1); }

TEST_CASE("a process's name may hold brackets, a file's name quotation marks and brackets") {
    const LogEvent event = only(
        "CODE SIGNING: process 1[a]b[2]: rejecting invalid page at address 0x1 from offset 0x0 in file \"/a \"b\" (c)\" "
        "(cs_mtime:1.0 == mtime:1.0) (signed:1 validated:0 tainted:0 nx:1 wpmapped:1 dirty:1 depth:0)");
    CHECK(event.process == "a]b[2");
    CHECK(event.path == "/a \"b\" (c)");
    CHECK(event.page == LogPage{1, 0, 0, 1, 1, 1, 0});
}

TEST_CASE("a page of no file has no path, a long path has a gap") {
    const std::string begin = "CODE SIGNING: process 1[a]: rejecting invalid page at address 0x1 from offset 0x0 in file ";
    const std::string end = " (cs_mtime:0.0 == mtime:0.0) (signed:0 validated:0 tainted:0 nx:0 wpmapped:0 dirty:0 depth:0)";
    CHECK(only(begin + "\"<nil>\"" + end).path.empty());
    const LogEvent cut = only(begin + "\"/a/b/.../tool\"" + end);
    CHECK(cut.path == "/a/b/.../tool");
    CHECK(cut.path_cut);
}

TEST_CASE("quotation marks that a text processor has bent") {
    const LogEvent event = only(
        "CODE SIGNING: process 1[a]: rejecting invalid page at address 0x1 from offset 0x4000 in file \u201c/a/b\u201d "
        "(cs_mtime:5.0 == mtime:5.0) (signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:0)");
    CHECK(event.path == "/a/b");
    CHECK(event.offset == 0x4000);
}

TEST_CASE("a line that somebody shortened keeps what is left of it") {
    const LogEvent event = only(
        "kernel: CODE SIGNING: process 328[tool]: rejecting invalid page at address 0x104b00000 from offset 0x4000 in file "
        "\"/bin/tool\" ...");
    CHECK(event.path == "/bin/tool");
    CHECK(event.offset == 0x4000);
    CHECK_FALSE(event.page);
    CHECK_FALSE(event.mtime);
}

TEST_CASE("the numbers of an initial page are the validation's, not the fault's") {
    const LogEvent event =
        only("CODE SIGNING: tool[77]: invalid initial page at offset 16384 validated:1 tainted:3 csflags:0x20001");
    CHECK(event.kind == LogKind::invalid_initial_page);
    CHECK(event.process == "tool");
    CHECK(event.pid == 77);
    CHECK(event.offset == 16384);
    CHECK(event.page == LogPage{1, 1, 1, 1, 0, 0, 0});
    CHECK(event.status == 0x20001);
}

TEST_CASE("errors have their names") {
    const LogEvent load = only("proc 63530: load code signature error 2 for file \"tool\"");
    CHECK(load.kind == LogKind::load_error);
    CHECK(load.pid == 63530);
    CHECK(load.path == "tool");
    CHECK(load.number == 2);
    CHECK(number_name(load) == "LOAD_BADMACHO");
    const LogEvent check = only("check_signature[pid: 2718]: error = 85");
    CHECK(check.kind == LogKind::check_signature);
    CHECK(check.pid == 2718);
    CHECK(number_name(check) == "EBADEXEC");
    CHECK(number_name(only("check_signature[pid: 1], error = 1")) == "EPERM");
    CHECK(number_name(only("check_signature[pid: 1]: error = 4711")).empty());
    for (const std::string before : {"", "proc 12 load code ", "proc 12: something else, ", "proc x: "})
        CHECK_FALSE(only(before + "load code signature error 4 for file \"x\"").pid);
}

TEST_CASE("what keeps a signature from being attached") {
    CHECK(only("disallowing unsupported code signature page shift: 13").number == 13);
    const LogEvent twice = only("multiple hash=2 CodeDirectories in signature; rejecting");
    CHECK(twice.kind == LogKind::duplicate_directories);
    CHECK(number_name(twice) == "sha256");
    CHECK(only("unable to validate security-critical blob: 1 [8|4209082753]").kind == LogKind::security_blob);
    CHECK(only("CODESIGNING: can not re-validate a previously invalidated blob, reboot or create a new file.").kind ==
          LogKind::revalidation);
    CHECK(only("load_code_signature: embedded signature doesn't match attached signature").kind == LogKind::attached_mismatch);
}

TEST_CASE("what the policy says is kept, with the file and process it names") {
    const LogEvent unsigned_code = only(
        "AMFI: hook..execve() killing tool (pid 21): Attempt to execute completely unsigned code (must be at least ad-hoc "
        "signed).");
    CHECK(unsigned_code.kind == LogKind::policy);
    CHECK(unsigned_code.process == "tool");
    CHECK(unsigned_code.pid == 21);
    CHECK(unsigned_code.action == LogAction::killing);
    CHECK(unsigned_code.message.ends_with("signed)."));
    const LogEvent no_cms = only("kernel: (AppleMobileFileIntegrity) AMFI: '/bin/tool' has no CMS blob?");
    CHECK(no_cms.path == "/bin/tool");
    CHECK(no_cms.message == "AMFI: '/bin/tool' has no CMS blob?");
    CHECK(only("AMFI: the flag 'restrict' is set").path.empty());
    const LogEvent blocked = only("kernel: (AppleSystemPolicy) ASP: Security policy would not allow process: 1337, /bin/tool");
    CHECK(blocked.pid == 1337);
    CHECK(blocked.path == "/bin/tool");
    CHECK(blocked.action == LogAction::denying);
    CHECK(only("Security policy would not allow process: /bin/tool").path == "/bin/tool");
    CHECK(only("mac_vnode_check_signature: /bin/tool: code signature validation failed fatally: When validating /bin/tool:")
              .path == "/bin/tool");
    CHECK(only("Library Validation failed: Rejecting '/lib/a.dylib' (Team ID: none, platform: no) for process").path ==
          "/lib/a.dylib");
}

TEST_CASE("what stands before a message does not matter: styles of log(1), dmesg, syslog, indentation") {
    for (const std::string before :
         {"2024-01-02 03:04:05.678901+0100 0xfb308    Default     0x0                  0      0    kernel: ",
          "2024-01-02 03:04:05.678 Df kernel[0:fb308] ", "[ 123.456789] ", "[  123.456] kernel: ",
          "Jan  2 03:04:05 host kernel[0]: ", "default\t03:04:05.678901+0100\tkernel\t", "  \t> ", "AMFIX\xff\xfe\x80: "})
        check_rejected(only(before + page_line), 1);
}

TEST_CASE("other lines, line ends of any kind and bytes that are no text do not matter") {
    for (const std::string end : {"\n", "\r\n", "\r\r\n"}) {
        const std::string nul("\0\x01\xff CODE SIGNING", 16);
        std::string text;
        for (const std::string& line : {std::string("Timestamp  Thread"), nul, page_line, std::string(), status_line})
            text.append(line).append(end);
        text += "CODE SIGNING: nothing";
        const Log log = read_log(text);
        REQUIRE(log.events.size() == 2);
        check_rejected(log.events[0], 3);
        CHECK(log.events[1].line == 5);
        CHECK(log.lines == 6);
        CHECK(log.notes.empty());
    }
}

TEST_CASE("messages that run into one another in one line are all there") {
    const Log log =
        read_log("validation failed.Please check your system log.proc 49122: load code signature error 4 for file \"java\"" +
                 status_line + page_line + "\n");
    REQUIRE(log.events.size() == 3);
    CHECK(log.events[0].path == "java");
    CHECK(log.events[0].pid == 49122);
    CHECK(log.events[1].action == LogAction::killing);
    check_rejected(log.events[2], 1);
}

TEST_CASE("the JSON styles: one object over several lines or in one, the format's own text is no event") {
    const std::string escaped =
        "CODE SIGNING: process 328[tool]: rejecting invalid page at address 0x104b00000 from offset 0x8000 in file "
        "\\\"\\/opt\\/tool\\/bin\\/\\u0074ool\\\" (cs_mtime:1700000000.5 != mtime:1700000100.250000000) (signed:1 validated:1 "
        "tainted:1 nx:0 wpmapped:0 dirty:0 depth:2)\\n";
    const std::string format = "embedded signature doesn't match attached signature";
    const Log spread = read_log("[{\n  \"formatString\" : \"" + format + "\",\n  \"eventMessage\" : \"" + escaped +
                                "\",\n  \"processID\" : 0\n},{\n  \"formatString\" : \"" + format + "\"\n}]\n");
    REQUIRE(spread.events.size() == 1);
    check_rejected(spread.events[0], 3);
    const Log lines = read_log("{\"formatString\":\"" + format + "\",\"eventMessage\":\"" + escaped + "\",\"processID\":0}\n" +
                               "{\"timezoneName\":\"\",\"formatString\":\"" + format + "\"}\n");
    REQUIRE(lines.events.size() == 1);
    check_rejected(lines.events[0], 1);
}

TEST_CASE("JSON escapes: characters beyond 16 bits, halves of them, escapes that are cut") {
    const auto process = [](const std::string& name) {
        const Log log = read_log("\"eventMessage\":\"CODE SIGNING: cs_invalid_page(0x1): p=1[" + name +
                                 "] final status 0x1, denying page\"");
        return log.events.empty() ? "none" : log.events.front().process;
    };
    CHECK(process("\\ud83d\\ude00") == "\U0001f600");
    CHECK(process("\\ud83d") == "\ufffd");
    CHECK(process("\\ud83dx\\u00e9") == "\ufffdx\u00e9");
    CHECK(process("\\ud83d\\u0041") == "\ufffdA");
    CHECK(process("\\\\\\t") == "\\\t");
    for (const std::string cut : {"\\", "\\u", "\\u12", "\\ud83d\\u", "\\ud83d\\ude0"})
        CHECK(read_log("\"eventMessage\":\"AMFI: " + cut).events.size() == 1);
}

TEST_CASE("an empty name in quotation marks is no field of an object") {
    CHECK(only("\"\": AMFI: '/a' is odd").path == "/a");
    CHECK(read_log("\"a\": AMFI: '/a' is odd").events.empty());
}

TEST_CASE("numbers that are not numbers, or too large, are no event") {
    for (const std::string line :
         {"CODE SIGNING: cs_invalid_page(0x%llx): p=%d[%s] final status 0x%x, %s page%s",
          "CODE SIGNING: process %d[%s]: rejecting invalid page at address 0x%llx from offset 0x%llx in file \"%s%s%s\" ",
          "CODE SIGNING: cs_invalid_page(0x10000000000000000): p=1[a] final status 0x1, denying page",
          "CODE SIGNING: cs_invalid_page(0x1): p=1[a] final status 0x100000000, denying page",
          "CODE SIGNING: cs_invalid_page(0x1): p=99999999999999999999[a]",
          "CODE SIGNING: cs_invalid_page(0x1): p=9223372036854775808[a]", "CODE SIGNING: cs_invalid_page(0x): p=1[a]",
          "CODE SIGNING: a[1]: invalid initial page at offset -4096 validated:1 tainted:1 csflags:0x1",
          "CODE SIGNING: a[b]: invalid initial page at offset 4096 validated:1 tainted:1 csflags:0x1",
          "CODE SIGNING: a[1: invalid initial page at offset 4096 validated:1 tainted:1 csflags:0x1",
          "proc 1: load code signature error for file \"a\"", "check_signature[pid: 1] error", "multiple hash=2 of anything",
          "embedded signature doesn't matter"})
        CHECK_MESSAGE(read_log(line).events.empty(), line);
}

TEST_CASE("cutting a log anywhere loses the cut line and nothing before it") {
    const std::string text =
        "first\n" + status_line + "\r\n" + page_line + "\nproc 1: load code signature error 2 for file \"a\"\n";
    const std::vector<LogEvent> whole = read_log(text).events;
    REQUIRE(whole.size() == 3);
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const std::string part = text.substr(0, size);
        const Log log = read_log(part);
        std::size_t before = 0;
        for (const LogEvent& event : whole)
            if (event.line <= static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'))) ++before;
        REQUIRE(log.events.size() >= before);
        REQUIRE(log.events.size() <= before + 1);
        for (std::size_t i = 0; i < before; ++i) REQUIRE(log.events[i] == whole[i]);
    }
}

TEST_CASE("cutting a log anywhere at its begin loses nothing behind the cut line") {
    const std::string text = page_line + "\n" + status_line + "\n";
    const LogEvent second = read_log(text).events.at(1);
    for (std::size_t size = 0; size <= page_line.size(); ++size) {
        const Log log = read_log(text.substr(size));
        REQUIRE(!log.events.empty());
        REQUIRE(log.events.back() == second);
    }
}

TEST_CASE("what a log can make us keep is bounded, and what was left out is said") {
    const std::string many = [] {
        std::string text;
        for (std::size_t i = 0; i < max_log_events + 5; ++i) text += "check_signature[pid: 1]: error = 1\n";
        return text;
    }();
    const Log full = read_log(many);
    CHECK(full.events.size() == max_log_events);
    REQUIRE(full.notes.size() == 1);
    CHECK(full.notes[0].find("line 10001") != std::string::npos);

    const Log wide = read_log(std::string(max_log_line, 'x') + status_line + "\n" + status_line + "\n");
    REQUIRE(wide.events.size() == 1);
    CHECK(wide.events[0].line == 2);
    CHECK(wide.notes.size() == 1);
    CHECK(read_log(std::string(max_log_line - status_line.size(), 'x') + status_line).notes.empty());
    CHECK(read_log(std::string((5u << 20) + 1, 'x') + "\n" + status_line).events.size() == 1);

    const LogEvent long_path =
        only("mac_vnode_check_signature: /" + std::string(5000, 'p') + ": code signature validation failed");
    CHECK(long_path.path.size() == max_log_message);
    CHECK(long_path.message.size() == max_log_message);
}

TEST_CASE("a line that lies across two blocks is one line") {
    for (std::size_t before : {0u, 1u, 20u, 150u}) {
        std::string text((1u << 20) - before - 1, '\n');
        text.append(page_line).append("\n").append(status_line);
        const Log log = read_log(text);
        REQUIRE(log.events.size() == 2);
        check_rejected(log.events[0], (1u << 20) - before);
        CHECK(log.lines == (1u << 20) - before + 1);
    }
}

TEST_CASE("a log that becomes shorter while it is read ends there") {
    class Shorter final : public Source {
    public:
        std::uint64_t size() const override { return std::uint64_t{1} << 40; }
        std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
            return MemorySource(status_line).read_at(offset, to, count);
        }
    };
    const Log log = read_log(Shorter());
    CHECK(log.events.size() == 1);
    CHECK(log.lines == 1);
    CHECK(log.notes.empty());
}

TEST_CASE("nothing that is known: no events") {
    CHECK(read_log("").events.empty());
    CHECK(read_log("").lines == 0);
    CHECK(read_log("one line").lines == 1);
    CHECK(read_log(std::string("\xcf\xfa\xed\xfe\0\0\0\0", 8)).events.empty());
}

TEST_CASE("every bit of a status has a name, and those without one are numbers") {
    CHECK(status_names(0).empty());
    CHECK(status_names(0x1) == Names{"VALID"});
    CHECK(status_names(0x40) == Names{"0x40"});
    CHECK(status_names(0x80010000) == Names{"RUNTIME", "DATAVAULT_CONTROLLER"});
    CHECK(status_names(0xffffffff).size() == 32);
}

}  // namespace reseal::log_test
