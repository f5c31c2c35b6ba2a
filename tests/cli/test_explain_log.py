# SPDX-License-Identifier: BSL-1.0
"""explain --log: what a log or a crash report says, over the broken programs."""
import json
import os
import struct
import unittest

from command import DOCS, TESTDATA, CommandTest

try:
    import jsonschema
except ImportError:
    jsonschema = None

BROKEN = os.path.join(TESTDATA, "broken")


def rejected(pid, path, offset=0, times="cs_mtime:5.0 == mtime:5.0", page="validated:1 tainted:1 nx:0 wpmapped:0"):
    return ('CODE SIGNING: process %d[%s]: rejecting invalid page at address 0x104b00000 from offset 0x%x in file "%s" (%s) '
            "(signed:1 %s dirty:0 depth:0)" % (pid, os.path.basename(path)[:15], offset, path, times, page))


KILLED = "CODE SIGNING: cs_invalid_page(0x104b00000): p=%d[%s] final status 0x23020200, denying page sending SIGKILL"
# Each line of the kernel's that there is, the file it may have been about, what is told of it, and what is found in the file.
LINES = [
    ("CODE SIGNING: cs_invalid_page(0x104b00000): p=1[stale-page]", "invalid-page", "stale-page", "it used a page"),
    (KILLED % (2, "stale-page"), "invalid-page", "stale-page", "it was killed"),
    ("CODE SIGNING: cs_invalid_page(0x104b00000): p=3[stale-page] final status 0x22000000, allowing (remove VALID) page",
     "invalid-page", "stale-page", "it was given a page"),
    (rejected(4, "/b/stale-page"), "rejected-page", "stale-page", "its hash differs"),
    (rejected(5, "/b/page-count", 0x4000, page="validated:0 tainted:0 nx:0 wpmapped:0"), "rejected-page", "page-count",
     "the signature has no hash for it"),
    (rejected(6, "/b/padded-last-page", 0x4000), "rejected-page", "padded-last-page", "its hash differs"),
    (rejected(7, "/b/modified-in-place", times="cs_mtime:5.0 != mtime:6.0"), "rejected-page", "modified-in-place",
     "its hash differs"),
    ("CODE SIGNING: stale-page[8]: invalid initial page at offset 0 validated:1 tainted:1 csflags:0x20000",
     "invalid-initial-page", "stale-page", "before it ran"),
    ('proc 9: load code signature error 2 for file "bad-range"', "load-error", "bad-range", "error 2, LOAD_BADMACHO"),
    ("AMFI: '/b/missing-cms' has no CMS blob?", "policy", "missing-cms", "has no CMS blob?"),
    ("AMFI: hook..execve() killing unsigned (pid 10): Attempt to execute completely unsigned code (must be at least ad-hoc "
     "signed).", "policy", "unsigned", "completely unsigned code"),
]
# Those that name no file: the only one that is given is meant.
NAMELESS = [
    ("check_signature[pid: 11]: error = 85", "check-signature", "bad-structure", "error 85, EBADEXEC"),
    ("disallowing unsupported code signature page shift: 13", "page-shift", "page-size", "(8192 bytes)"),
    ("multiple hash=2 CodeDirectories in signature; rejecting", "duplicate-directories", "bad-structure", "(sha256)"),
    ("unable to validate security-critical blob: 1 [8|4208886145]", "security-blob", "stale-constraint", "constraint"),
    ("CODESIGNING: can not re-validate a previously invalidated blob, reboot or create a new file.", "revalidation",
     "modified-in-place", "only a new file"),
    ("load_code_signature: embedded signature doesn't match attached signature", "attached-mismatch", "modified-in-place",
     "overwritten in place"),
]


class ExplainLogTest(CommandTest):
    def explain(self, log, *arguments, **more):
        self.write("log", log.encode("utf-8", "surrogateescape"))
        return self.run_command("explain", "--log", "log", *arguments, **more)

    def objects(self, log, *arguments):
        result = self.explain(log, "--json", *arguments)
        self.assertEqual(result.err, "")
        return [json.loads(line) for line in result.out.splitlines()]


class Lines(ExplainLogTest):
    def test_each_line_with_the_folder_of_its_file(self):
        log = "\n".join(line for line, *_ in LINES)
        objects = self.objects(log, BROKEN)
        self.assertEqual(len(objects), len(LINES))
        for one, (line, kind, cause, words) in zip(objects, LINES):
            with self.subTest(line=line):
                self.assertEqual(one["kind"], kind)
                self.assertIn(words, one["what"])
                self.assertEqual(one["file"], os.path.join(BROKEN, cause))
                self.assertEqual(one["causes"][0], cause)

    def test_each_line_without_a_name_with_its_file(self):
        for line, kind, cause, words in NAMELESS:
            with self.subTest(line=line):
                one, = self.objects(line, os.path.join(BROKEN, cause))
                self.assertEqual(one["kind"], kind)
                self.assertIn(words, one["what"])
                self.assertEqual(one["causes"][0], cause)

    def test_a_line_that_names_its_cause(self):
        for line, _, cause, _ in NAMELESS[1:]:
            with self.subTest(line=line):
                one, = self.objects(line)
                self.assertEqual((one["points_to"], one["file"], one["causes"]), (cause, None, []))

    def test_the_page_of_the_kernel_in_which_the_signature_has_four(self):
        one, = self.objects(rejected(4, "/b/stale-page"), os.path.join(BROKEN, "stale-page"))
        self.assertEqual([(place["slot"], place["valid"]) for place in one["places"]],
                         [(0, True), (1, True), (2, False), (3, True)])
        self.assertEqual((one["places"][2]["segment"], one["places"][2]["section"]), ("__TEXT", "__cstring"))
        self.assertIn("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello-2.12", one["places"][2]["text"])


    def test_a_universal_file(self):
        """The kernel counts from the file's first byte, the signature from the slice's."""
        data = bytearray(self.fixture("a/fat"))
        slices = struct.unpack_from(">I", data, 4)[0]
        table = [struct.unpack_from(">5I", data, 8 + 20 * i) for i in range(slices)]
        begin = next(offset for cpu, _, offset, _, _ in table if cpu == 0x0100000C)
        data[begin + 0x1234] ^= 1
        self.write("fat", data)
        one, = self.objects(rejected(4, "/b/fat", begin), "fat")
        stale, = (place for place in one["places"] if not place["valid"])
        self.assertEqual((stale["arch"], stale["slot"], stale["slice_offset"], stale["offset"]),
                         ("arm64", 1, begin, begin + 0x1000))
        self.assertEqual(one["causes"][0], "stale-page")

    def test_a_crash_report_in_text(self):
        report = """Process:               stale-page [812]
Path:                  /opt/tool/bin/stale-page
Code Type:             ARM-64 (Native)
Exception Type:        EXC_BAD_ACCESS (SIGKILL (Code Signature Invalid))
Exception Codes:       0x0000000000000032, 0x00000001028b6000
Termination Reason:    Namespace CODESIGNING, Code 2 Invalid Page

Binary Images:
       0x1028b4000 -        0x1028b7fff stale-page (*) <00000000-0000-0000-0000-000000000000> /opt/tool/bin/stale-page
"""
        one, = self.objects(report, os.path.join(BROKEN, "stale-page"))
        self.assertEqual((one["kind"], one["pid"], one["termination"]["namespace"]), ("crash", 812, "CODESIGNING"))
        self.assertIn((2, False), [(place["slot"], place["valid"]) for place in one["places"]])
        self.assertEqual(one["causes"][0], "stale-page")


class Text(ExplainLogTest):
    def test_a_page_that_was_rewritten(self):
        self.write("stale-page", self.fixture("broken/stale-page"))
        with open(os.path.join(BROKEN, "stale-page.log"), encoding="utf-8") as log:
            result = self.explain(log.read(), "stale-page")
        self.assertEqual((result.status, result.err), (2, ""))
        first, second = result.out.decode().split("\n\n")
        self.assertEqual(first.splitlines(), [
            "stale-page, process 812:",
            "  line 1: a page of /opt/tool/bin/stale-page (offset 0x0) was rejected: it is not what was signed (its hash "
            "differs from that in the signature)",
            "    stale-page: arm64, page 2, offset 0x2000, __TEXT,__cstring: it is not what was signed; there stands "
            '"/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello-2.12/share/locale"',
            "    stale-page: the kernel loads 3 more pages with it, which are right",
            "    the file's times tell nothing: in a store every file has the same, whatever happened to it",
            "  line 2: it was killed: it used a page at address 0x1028b4000 that is not what was signed",
            "    status 0x23020200: signed by a linker, is killed for pages that are not what was signed, was killed",
        ])
        self.assertEqual(second, self.run_command("explain", "stale-page").out.decode())

    def test_a_crash_report_says_the_same(self):
        self.write("stale-page", self.fixture("broken/stale-page"))
        result = self.run_command("explain", "--log", "-", "stale-page", stdin=self.fixture("broken/stale-page.ips"))
        self.assertEqual((result.status, result.err), (2, ""))
        text = result.out.decode()
        self.assertIn("EXC_BAD_ACCESS (SIGKILL (Code Signature Invalid)) at address 0x1028b6000; reason: CODESIGNING 2, "
                      "Invalid Page", text)
        self.assertIn("arm64, page 2, offset 0x2000, __TEXT,__cstring: it is not what was signed", text)
        self.assertIn("\n\nstale-page: it was changed after it was signed", text)

    def test_a_modification_in_place_by_the_times_alone(self):
        """The file is right: only the log can tell."""
        self.write("modified-in-place", self.fixture("broken/modified-in-place"))
        self.assertEqual(self.run_command("explain", "modified-in-place").status, 0)
        self.write("log", self.fixture("broken/modified-in-place.log"))
        result = self.run_command("explain", "--log", "log", "modified-in-place")
        self.assertEqual(result.status, 2)
        text = result.out.decode()
        self.assertIn("the file was modified in place", text)
        self.assertIn("cp -p /usr/local/bin/modified-in-place /usr/local/bin/modified-in-place.new && "
                      "mv /usr/local/bin/modified-in-place.new /usr/local/bin/modified-in-place\n", text)

    def test_the_same_where_the_file_is_not_at_hand(self):
        result = self.explain(rejected(7, "/opt/a b/tool", times="cs_mtime:5.0 != mtime:6.0"))
        text = result.out.decode()
        self.assertIn("/opt/a b/tool: not on this machine", text)
        self.assertIn("    cp -p '/opt/a b/tool' '/opt/a b/tool.new' && mv '/opt/a b/tool.new' '/opt/a b/tool'\n", text)
        self.assertIn("    reseal explain '/opt/a b/tool'\n", text)

    def test_quarantine(self):
        self.write("log", self.fixture("broken/quarantine.log"))
        result = self.run_command("explain", "--log", "log")
        self.assertIn("xattr -d com.apple.quarantine /Users/user/Downloads/nothing-found\n", result.out.decode())

    def test_names_in_a_log_do_not_speak_to_the_terminal(self):
        result = self.explain(rejected(4, "/b/\x1b]0;x\x07\udcff") + "\nAMFI: '/\x1b[2J' \x07\n" + KILLED % (4, "\x1b[31m"))
        self.assertNotRegex(result.out.replace(b"\n", b""), rb"[\x00-\x1f]")

    def test_the_path_in_the_log_is_looked_for_here(self):
        self.write("stale-page", self.fixture("broken/stale-page"))
        one, = self.objects(rejected(4, self.path("stale-page")))
        self.assertEqual(one["file"], self.path("stale-page"))
        self.assertEqual(one["causes"][0], "stale-page")

    def test_a_pipe_under_the_path_in_the_log_is_not_read(self):
        os.mkfifo(self.path("fifo"))
        one, = self.objects(rejected(4, self.path("fifo")))
        self.assertIsNone(one["file"])


class Odd(ExplainLogTest):
    def test_a_log_of_other_things(self):
        result = self.explain("one\ntwo\n")
        self.assertEqual((result.status, result.err, result.out), (0, "", b"log: 2 lines, none of them about a signature\n"))
        self.assertEqual(self.explain("").status, 0)
        self.assertEqual(self.objects("one\n"), [])

    def test_a_policy_that_lets_it_pass(self):
        result = self.explain("AMFI: '/bin/tool' is adhoc signed.\n")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertIn(b"is adhoc signed", result.out)

    def test_no_log_at_all(self):
        self.write("x", self.fixture("broken/stale-page"))
        for name, words in (("x", "not a log"), (".", "a folder, not a log"), ("none", "No such file")):
            result = self.run_command("explain", "--log", name)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertIn(words, result.err)

    def test_a_report_that_is_cut_short(self):
        report = self.fixture("broken/stale-page.ips")
        self.write("x", report[:len(report) // 2])
        result = self.run_command("explain", "--log", "x")
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertTrue(result.err.startswith("reseal: x: "), result.err)

    def test_a_crash_for_another_reason(self):
        report = self.fixture("broken/stale-page.ips").replace(b"SIGKILL (Code Signature Invalid)", b"SIGSEGV").replace(
            b"CODESIGNING", b"SIGNAL").replace(b"Invalid Page", b"Segmentation fault: 11")
        result = self.run_command("explain", "--log", "-", stdin=report)
        self.assertEqual(result.status, 0)
        self.assertIn(b"this is no matter of its signature", result.out)

    def test_a_path_that_is_not_there(self):
        result = self.explain(KILLED % (1, "tool"), "missing")
        self.assertEqual(result.status, 1)
        self.assertIn("missing", result.err)
        self.assertIn(b"it was killed", result.out)

    def test_a_file_that_is_no_program(self):
        self.write("tool", b"text")
        one, = self.objects(rejected(4, "/b/tool"), "tool")
        self.assertEqual((one["places"], one["causes"][0]), ([], "not-macho"))

    def test_very_many_lines_are_told_once(self):
        result = self.explain((KILLED % (1, "tool") + "\n") * 9000)
        self.assertEqual(len(result.out.splitlines()), 3)
        self.assertIn(b"and 8996 more", result.out)

    def test_very_many_pages(self):
        """Each of them in a file that has to be read: of a log that was made for it only some are looked at."""
        self.write("stale-page", self.fixture("broken/stale-page"))
        result = self.explain("\n".join(rejected(1, "/b/stale-page", page) for page in range(9000)), "stale-page")
        self.assertEqual(result.status, 2)
        self.assertIn("note: only the first 256 different pages were looked at", result.err)


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Schema(ExplainLogTest):
    def test_every_line_follows_the_schema(self):
        with open(os.path.join(DOCS, "explain-log.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        log = "\n".join(line for line, *_ in LINES + NAMELESS) + "\nAMFI: '/\udcff\\' is odd"
        objects = self.objects(log, BROKEN)
        report = self.run_command("explain", "--json", "--log", os.path.join(BROKEN, "stale-page.ips"), BROKEN)
        objects.append(json.loads(report.out))
        self.assertEqual(len(objects), len(LINES) + len(NAMELESS) + 2)
        for one in objects:
            validator.validate(one)
        for key in objects[0]:
            with self.subTest(missing=key), self.assertRaises(jsonschema.ValidationError):
                validator.validate({name: value for name, value in objects[0].items() if name != key})
        with self.assertRaises(jsonschema.ValidationError):
            validator.validate({**objects[0], "kind": "other"})


if __name__ == "__main__":
    unittest.main()
