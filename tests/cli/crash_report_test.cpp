// SPDX-License-Identifier: BSL-1.0
// Crash reports in JSON.
#include "cli/crash_report.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <string>

namespace reseal::crash_report_test {
namespace {

const std::string header =
    R"json({"app_name":"tool","timestamp":"2024-01-02 03:04:05.00","bug_type":"309","os_version":"macOS (23B74)"})json";

const std::string body = R"json({
  "uptime" : 1,
  "pid" : 1221,
  "cpuType" : "ARM-64",
  "procName" : "tool",
  "procPath" : "\/opt\/tool\/bin\/tool",
  "codeSigningFlags" : 587334144,
  "exception" : {"codes":"0x0000000000000032, 0x0000000104b08000","rawCodes":[50,4373643264],"type":"EXC_BAD_ACCESS",
    "signal":"SIGKILL (Code Signature Invalid)","subtype":"UNKNOWN_0x32 at 0x0000000104b08000"},
  "termination" : {"flags":0,"code":2,"namespace":"CODESIGNING","indicator":"Invalid Page"},
  "usedImages" : [
    {"source":"P","arch":"arm64","base":4372561920,"size":65536,"path":"\/opt\/tool\/bin\/tool","name":"tool"},
    {"size":0,"source":"A","base":0,"uuid":"00000000"},
    {"source":"P","arch":"arm64e","base":4373610496,"size":65536,"path":"\/opt\/tool\/lib\/libx.dylib"}
  ]
})json";

std::optional<LogEvent> read(const std::string& text) { return cli::read_crash_report(text, "tool.ips"); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a crash report in JSON says what its text form says, and the status") {
    for (const std::string end : {"", "\n", "\r\n\nModel: Mac15,12, 16 GB\n"}) {
        const std::optional<LogEvent> event = read(std::string(header).append("\r\n").append(body).append(end));
        REQUIRE(event);
        CHECK(event->kind == LogKind::crash);
        CHECK(event->line == 1);
        CHECK(event->process == "tool");
        CHECK(event->pid == 1221);
        CHECK(event->exception == "EXC_BAD_ACCESS (SIGKILL (Code Signature Invalid))");
        CHECK(event->termination == Termination{"CODESIGNING", 2, "Invalid Page"});
        CHECK(event->address == 0x104b08000);
        CHECK(event->image_base == 0x104b00000);
        CHECK(event->path == "/opt/tool/lib/libx.dylib");
        CHECK(event->arch == "arm64e");
        CHECK(event->status == 0x23020200);
    }
}

TEST_CASE("without an address the image is the program") {
    const std::optional<LogEvent> event = read(
        header + "\n" + R"({"procPath":"/bin/tool","cpuType":"X86-64","termination":{"namespace":"CODESIGNING","code":4}})");
    REQUIRE(event);
    CHECK(event->path == "/bin/tool");
    CHECK(event->arch == "x86_64");
    CHECK_FALSE(event->image_base);
    CHECK_FALSE(event->address);
    CHECK(event->termination == Termination{"CODESIGNING", 4, "Launch Constraint Violation"});
}

TEST_CASE("an address in no image, and images whose ranges do not fit 64 bits") {
    const std::string at_end = R"("base":18446744073709551615,"size":18446744073709551615,)";
    const std::optional<LogEvent> event = read(header + "\n" + replaced(body, R"("base":4373610496,"size":65536,)", at_end));
    REQUIRE(event);
    CHECK_FALSE(event->image_base);
    CHECK(event->path == "/opt/tool/bin/tool");
}

TEST_CASE("fields of another type than theirs are left out") {
    for (const std::string field :
         {R"("pid" : "1221")", R"("pid" : -1)", R"("pid" : 1e99)", R"("pid" : null)", R"("pid" : [1221])"}) {
        const std::optional<LogEvent> event = read(header + "\n" + replaced(body, R"("pid" : 1221)", field));
        REQUIRE(event);
        CHECK_FALSE(event->pid);
    }
    const std::optional<LogEvent> event =
        read(header + "\n" + R"({"exception":[],"termination":{"namespace":7},"usedImages":{}})");
    REQUIRE(event);
    CHECK(event->exception.empty());
    CHECK(event->termination == Termination{});
    CHECK_FALSE(read(header + "\n" + R"({"exception":[],"termination":[]})"));
}

TEST_CASE("what a report can make us keep is bounded") {
    const std::string longest(5000, 'x');
    const std::optional<LogEvent> event = read(header + "\n{\"procPath\":\"" + longest + "\",\"exception\":{\"type\":\"" +
                                               longest + "\",\"signal\":\"" + longest + "\"}}");
    REQUIRE(event);
    CHECK(event->path.size() == max_log_message);
    CHECK(event->exception.size() == max_log_message);
}

TEST_CASE("what is no report of this kind is left to others") {
    CHECK_FALSE(read(""));
    CHECK_FALSE(read("{"));
    CHECK_FALSE(read(header));
    CHECK_FALSE(read(header + "\nProcess: tool [1]\nException Type: EXC_CRASH\n"));
    CHECK_FALSE(read("{\"eventMessage\":\"a\"}\n{\"eventMessage\":\"b\"}\n"));
    CHECK_FALSE(read("{ not JSON\n{}"));
    CHECK_FALSE(read(header + "\n{\"memoryStatus\":{}}"));  // of another thing than a crash
}

TEST_CASE("a report that is cut is not read as if it were whole") {
    const std::string text = header + "\n" + body;
    for (std::size_t size = header.size() + 2; size < text.size(); size += 7) {
        const std::string part = text.substr(0, size);
        CHECK_THROWS_AS(read(part), Error);
    }
    CHECK_THROWS_WITH_AS(read(header + "\n{\"a\":"), doctest::Contains("tool.ips"), Error);
}

}  // namespace reseal::crash_report_test
