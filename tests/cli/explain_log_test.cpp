// SPDX-License-Identifier: BSL-1.0
// What a log says, process by process and in words.
#include <doctest/doctest.h>

#include <filesystem>
#include <reseal/log.hpp>
#include <string>
#include <vector>

#include "cli/decoded_event.hpp"
#include "cli/explain_log_files.hpp"
#include "cli/explain_log_text.hpp"
#include "cli/explain_log_words.hpp"
#include "cli/logged_cause.hpp"
#include "fs/folder.hpp"

namespace reseal::explain_log_test {
using namespace cli;

namespace {

const std::string killed =
    "CODE SIGNING: cs_invalid_page(0x104b00000): p=3[tool] final status 0x23020200, denying page sending SIGKILL";

std::string rejected_in(const std::string& pid_and_name, const std::string& path, const std::string& times) {
    return "CODE SIGNING: process " + pid_and_name +
           ": rejecting invalid page at address 0x104b00000 from offset 0x8000 in file \"" + path + "\" (" + times +
           ") (signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:0)";
}

std::vector<DecodedEvent> decoded(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text.append(line).append("\n");
    std::vector<DecodedEvent> out;
    for (LogEvent& event : read_log(text).events) out.push_back({std::move(event), {}, {}});
    REQUIRE(out.size() == lines.size());
    return out;
}

std::string sentence_of(const std::string& line) { return logged_sentence(decoded({line}).front().event); }

}  // namespace

TEST_CASE("lines of one process belong together, whatever other processes' lines stand between") {
    const std::vector<LoggedProcess> processes = by_process(decoded({
        rejected_in("3[tool]", "/a", "cs_mtime:5.0 == mtime:5.0"),
        rejected_in("4[other]", "/b", "cs_mtime:5.0 == mtime:5.0"),
        "disallowing unsupported code signature page shift: 13",
        killed,
        "check_signature[pid: 4]: error = 85",
    }));
    REQUIRE(processes.size() == 3);
    CHECK(processes[0].name == "tool");
    CHECK(processes[0].pid == 3);
    REQUIRE(processes[0].events.size() == 2);
    CHECK(processes[0].events[1].event.line == 4);
    CHECK(processes[1].name == "other");
    CHECK(processes[1].events.size() == 2);
    CHECK_FALSE(processes[2].pid);
    CHECK(processes[2].events.size() == 1);
}

TEST_CASE("a pid that another program had later is another process; a name that the kernel cut is not another one") {
    CHECK(by_process(decoded({rejected_in("3[tool]", "/a", "cs_mtime:5.0 == mtime:5.0"),
                              rejected_in("3[other]", "/a", "cs_mtime:5.0 == mtime:5.0")}))
              .size() == 2);
    const std::vector<LoggedProcess> cut = by_process(decoded(
        {rejected_in("3[a-long-name-of-a]", "/a", "cs_mtime:5.0 == mtime:5.0"),
         "CODE SIGNING: a-long-name-of-a-program[3]: invalid initial page at offset 0 validated:1 tainted:1 csflags:0x1"}));
    REQUIRE(cut.size() == 1);
    CHECK(cut.front().name == "a-long-name-of-a-program");
}

TEST_CASE("what happened again and again is told once, with its lines") {
    std::vector<DecodedEvent> events = decoded({killed, killed, killed, killed, killed, killed});
    CHECK(logged_process_text(by_process(std::move(events)).front()) ==
          "tool, process 3:\n"
          "  lines 1, 2, 3, 4 and 2 more: it was killed: it used a page at address 0x104b00000 that is not what was signed\n"
          "    status 0x23020200: signed by a linker, is killed for pages that are not what was signed, was killed\n");
}

TEST_CASE("strings out of a log do not speak to the terminal") {
    for (const std::string& text :
         {sentence_of(rejected_in("3[tool]", "/a\x1b[31m", "cs_mtime:5.0 == mtime:5.0")),
          sentence_of("AMFI: '/\x07' is \x1b[0m"), sentence_of("proc 3: load code signature error 4 for file \"\x1b]0;x\"")})
        CHECK(text.find_first_of("\x1b\x07") == std::string::npos);
    Place place;
    place.arch = place.segment = place.section = place.text = "\x1b[31m";
    CHECK(place_line(place).find('\x1b') == std::string::npos);
    std::vector<DecodedEvent> events =
        decoded({"CODE SIGNING: cs_invalid_page(0x1000): p=9[\x1b[31m] final status 0x22000101, denying page"});
    events.front().file = "\x1b";
    events.front().places = {place};
    CHECK(logged_process_text(by_process(std::move(events)).front()).find('\x1b') == std::string::npos);
}

TEST_CASE("each reason to reject a page has its words") {
    const auto words = [](const std::string& page) {
        return sentence_of(
            "CODE SIGNING: process 1[a]: rejecting invalid page at address 0x1 from offset 0x0 in file \"/a\" (cs_mtime:5.0 == "
            "mtime:5.0) (" +
            page + ")");
    };
    const auto has = [](const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; };
    CHECK(has(words("signed:0 validated:0 tainted:0 nx:0 wpmapped:0 dirty:0 depth:0"), "no signature"));
    CHECK(has(words("signed:1 validated:0 tainted:0 nx:0 wpmapped:0 dirty:0 depth:0"), "no hash for it"));
    CHECK(has(words("signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:0"), "its hash differs"));
    CHECK(has(words("signed:1 validated:1 tainted:0 nx:1 wpmapped:0 dirty:0 depth:0"), "signed code ends"));
    CHECK(has(words("signed:1 validated:1 tainted:1 nx:0 wpmapped:1 dirty:0 depth:0"), "written to"));
    CHECK(has(words("signed:1 validated:1 tainted:0 nx:0 wpmapped:0 dirty:0 depth:0"), "does not say why"));
}

TEST_CASE("a line that names a cause by itself names the right one") {
    const auto named = [](const std::string& line) { return logged_cause(decoded({line}).front().event); };
    CHECK(named("disallowing unsupported code signature page shift: 13") == CauseCode::page_size);
    CHECK(named("multiple hash=2 CodeDirectories in signature; rejecting") == CauseCode::bad_structure);
    CHECK(named("unable to validate security-critical blob: 1 [8|4208886145]") == CauseCode::stale_constraint);
    CHECK(named("CODESIGNING: can not re-validate a previously invalidated blob, reboot or create a new file.") ==
          CauseCode::modified_in_place);
    CHECK(named("load_code_signature: embedded signature doesn't match attached signature") == CauseCode::modified_in_place);
    CHECK(named(rejected_in("3[tool]", "/a", "cs_mtime:5.0 != mtime:6.0")) == CauseCode::modified_in_place);
    CHECK_FALSE(named(rejected_in("3[tool]", "/a", "cs_mtime:5.0 == mtime:5.0")));
    CHECK(named("AMFI: '/bin/tool' has no CMS blob?") == CauseCode::missing_cms);
    CHECK(named("AMFI: hook..execve() killing tool (pid 21): Attempt to execute completely unsigned code (must be at least "
                "ad-hoc signed).") == CauseCode::unsigned_);
    CHECK(named("ASP: Security policy would not allow process: 1337, /bin/tool") == CauseCode::quarantine);
    CHECK(named("Library Validation failed: Rejecting '/lib/a.dylib' (Team ID: none, platform: no) for process") ==
          CauseCode::library_validation);
    CHECK_FALSE(named("AMFI: '/bin/tool' says something new"));
    CHECK_FALSE(named(killed));
}

TEST_CASE("a crash that no signature is to blame for is not about signatures") {
    LogEvent event;
    event.kind = LogKind::crash;
    event.exception = "EXC_BAD_ACCESS (SIGSEGV)";
    CHECK_FALSE(is_about_signatures(event));
    event.termination = Termination{"SIGNAL", 11, "Segmentation fault: 11"};
    CHECK_FALSE(is_about_signatures(event));
    event.termination = Termination{"CODESIGNING", 2, "Invalid Page"};
    CHECK(is_about_signatures(event));
    event.termination.reset();
    event.exception = "EXC_BAD_ACCESS (SIGKILL (Code Signature Invalid))";
    CHECK(is_about_signatures(event));
}

TEST_CASE("what a policy says of code that it lets pass is no trouble") {
    const auto trouble = [](const std::string& line) { return tells_of_trouble(decoded({line}).front().event); };
    CHECK_FALSE(trouble("AMFI: constraint checks are on"));
    CHECK_FALSE(trouble("AMFI: '/bin/tool' is adhoc signed."));
    CHECK(trouble("AMFI: '/bin/tool' has no CMS blob?"));
    CHECK(trouble("AMFI: code signature validation failed."));
    CHECK(trouble("ASP: Security policy would not allow process: 1337, /bin/tool"));
    CHECK(trouble(killed));
}

TEST_CASE("one line that tells of a modification in place outweighs those that hide it") {
    std::vector<DecodedEvent> events = decoded({rejected_in("3[tool]", "/a", "cs_mtime:1.0 == mtime:1.0"),
                                                rejected_in("3[tool]", "/a", "cs_mtime:5.0 != mtime:6.0"),
                                                rejected_in("3[tool]", "/b", "cs_mtime:7.0 == mtime:7.0")});
    for (DecodedEvent& each : events) each.file = each.event.path;
    CHECK(modification_of(events, "/a") == Modification::in_place);
    CHECK(modification_of(events, "/b") == Modification::none);
    CHECK(modification_of(events, "/c") == Modification::untold);
}

TEST_CASE("the file of an event: by its name among those given, as the only one, under its own path") {
    const support::Folder folder;
    std::filesystem::create_directory(folder / "bin");
    folder.write("bin/tool", "x");
    folder.write("bin/other", "x");
    const std::string& root = folder.path();

    LogEvent event;
    event.path = "/opt/bin/tool";
    CHECK(LoggedFiles({root}, {&event, 1}).find(event) == root + "/bin/tool");
    CHECK(LoggedFiles({root + "/bin/other"}, {&event, 1}).find(event) == root + "/bin/other");
    CHECK(LoggedFiles({}, {&event, 1}).find(event).empty());
    const LogEvent two[] = {event, [] {
                                LogEvent second;
                                second.path = "/opt/lib/second";
                                return second;
                            }()};
    CHECK(LoggedFiles({root + "/bin/other"}, two).find(event).empty());

    event.path = root + "/bin/tool";
    CHECK(LoggedFiles({}, {&event, 1}).find(event) == root + "/bin/tool");
    event.path_cut = true;
    CHECK(LoggedFiles({}, {&event, 1}).find(event).empty());
    event.path_cut = false;
    event.path = root + "/bin";
    CHECK(LoggedFiles({}, {&event, 1}).find(event).empty());
    CHECK(LoggedFiles({root + "/missing"}, {}).status() == failed);
}

}  // namespace reseal::explain_log_test
