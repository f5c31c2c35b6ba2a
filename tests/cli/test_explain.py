#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""explain: a cause for each broken program, its lines, its JSON, its statuses, and remedies that mend."""
import gzip
import json
import os
import shutil
import subprocess
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

from command import DOCS, RESEAL, TESTDATA, CommandTest

BROKEN = os.path.join(TESTDATA, "broken")
REMEDY = "neither a file nor a folder; give it as standard input: -"

# Where a program has more than one cause, the one it is named after is the first that is no note.
NOTES = {"hardened-exceptions", "launch-constraint", "modified-in-place", "nothing-found"}
SEEN_ELSEWHERE = {"modified-in-place": "nothing-found",  # by its log
                  "launch-constraint": "platform-binary"}  # a program of Apple's too


def programs():
    """(cause, path in BROKEN) of each broken program."""
    for name in sorted(os.listdir(BROKEN)):
        path = os.path.join(BROKEN, name)
        if name.endswith(".app"):
            yield name[:-len(".app")], name
        elif os.path.isfile(os.path.join(path, "tool")):
            yield name, os.path.join(name, "tool")
        elif os.path.isfile(path) and "." not in name:
            yield name, name


class ExplainTest(CommandTest):
    def explained(self, *arguments, **more):
        result = self.run_command("explain", "--json", *arguments, **more)
        self.assertEqual(result.err, "")
        return result, [json.loads(line) for line in result.out.splitlines()]

    def codes(self, *arguments):
        return [[cause["code"] for cause in told["causes"]] for told in self.explained(*arguments)[1]]

    def copy(self, name, to=None):
        """Of the broken program, into the test's folder."""
        return self.write(to or os.path.basename(name), self.fixture(os.path.join("broken", name)))


class Causes(ExplainTest):
    def test_each_broken_program_is_explained_by_its_cause(self):
        seen = set()
        for cause, path in programs():
            result, told = self.explained(os.path.join(BROKEN, path))
            causes = [cause for file in told for cause in file["causes"]]
            self.assertIn(SEEN_ELSEWHERE.get(cause, cause), [each["code"] for each in causes], path)
            if cause not in NOTES:
                first = next(each for each in causes if not each["note"])
                self.assertEqual((first["code"], result.status), (cause, 2), path)
            seen.add(cause)
        self.assertGreaterEqual(len(seen), 30)

    def test_the_processor_in_question(self):
        path = os.path.join(TESTDATA, "a", "exe.x86_64")
        self.assertEqual(self.codes(path), [["wrong-architecture", "nothing-found"]])
        self.assertEqual(self.codes("--arch", "x86_64", path), [["nothing-found"]])
        self.assertEqual(self.codes("--arch", "x86_64", os.path.join(TESTDATA, "a", "exe.arm64")), [["wrong-architecture"]])


class Lines(ExplainTest):
    def test_a_page_changed_after_signing(self):
        self.copy("stale-page", "a tool")
        result = self.run_command("explain", "a tool")
        self.assertEqual((result.status, result.err), (2, ""))
        self.assertEqual(result.out.decode(), """\
a tool: it was changed after it was signed: 1 of 5 pages is not what the signature says
  page 2: a Nix store path stands there: rewritten after signing: "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello\
-2.12/share/locale" (at offset 8192, __TEXT,__cstring)
  remedy:
    # Best: take the file as it was before it was changed, and change it with `reseal rewrite`, which mends the
    # signature as it goes. Or, if you trust what stands in it now, give it new hashes:
    reseal fix 'a tool'
  see: Apple technote TN3126
""")

    def test_what_a_program_claims_and_what_its_profile_grants(self):
        out = self.run_command("explain", os.path.join(BROKEN, "profile-mismatch.app")).out.decode()
        self.assertIn('\n  an entitlement: the program claims EXAMPLE123.com.example.tool, the profile grants '
                      'EXAMPLE123.com.example.other: "com.apple.application-identifier"\n', out)

    def test_notes_come_with_what_they_leave(self):
        self.copy("hardened-exceptions", "x")
        result = self.run_command("explain", "x")
        self.assertEqual((result.status, result.err), (0, ""))
        lines = [line for line in result.out.decode().splitlines() if not line.startswith(" ")]
        self.assertEqual(lines, ["x: note: it claims exceptions from the hardened runtime, which it does not have: they change "
                                 "nothing",
                                 "x: apart from that nothing is wrong with the file: every page and every seal is right"])

    def test_a_name_can_neither_break_a_line_nor_a_command(self):
        name = self.copy("stale-page", "a\n\x1b'")
        out = self.run_command("explain", name).out.decode()
        self.assertTrue(out.startswith("a\\x0a\\x1b': it was changed"), out)
        self.assertIn("\n    reseal fix $'a\\x0a\\x1b\\''\n", out)
        self.assertNotIn("\x1b", out)
        said = subprocess.run(["bash", "-c", "printf %s $'a\\x0a\\x1b\\''"], stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(said.decode(), name)


class Remedies(ExplainTest):
    """What is said to mend a program is run as it stands there."""

    def setUp(self):
        super().setUp()
        os.mkdir(self.path("bin"))
        os.symlink(RESEAL, self.path("bin/reseal"))
        self.environment["PATH"] = self.path("bin") + os.pathsep + os.environ["PATH"]

    def mended(self, first_word):
        """The causes with a remedy that begins so, each of which it mends."""
        causes = set()
        for cause, path in programs():
            if path.endswith(".app") or cause == "not-macho":
                continue
            name = self.copy(path, "it is")
            told = next(each for each in self.explained(name)[1][0]["causes"] if not each["note"] or cause in NOTES)
            command = next((line for line in told["remedy"].splitlines() if first_word + " " in line and line[0] != "#"), None)
            if command is None:
                continue
            subprocess.run(["sh", "-e", "-c", command], cwd=self.folder, env=self.environment, check=True, timeout=60,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual(self.run_command("explain", name).status, 0, cause)
            self.assertEqual(self.run_command("verify", name).status, 0, cause)
            causes.add(cause)
        return causes

    def test_new_hashes(self):
        self.assertEqual(self.mended("reseal fix"),
                         {"adhoc-with-cms", "missing-cms", "padded-last-page", "stale-alternate", "stale-constraint",
                          "stale-entitlements", "stale-page", "stale-requirements", "team-without-cms", "unbound-cms"})

    @unittest.skipIf(shutil.which("llvm-objcopy-19") is None, "llvm-objcopy-19 is not installed")
    def test_a_new_signature(self):
        os.symlink(shutil.which("llvm-objcopy-19"), self.path("bin/llvm-objcopy"))
        self.assertLessEqual({"page-count", "page-size"}, self.mended("llvm-objcopy"))

    def test_a_new_inode(self):
        name = self.copy("nothing-found", "it's")
        before = os.stat(self.path(name))
        remedy = self.explained(name)[1][0]["causes"][0]["remedy"]
        command = next(line for line in remedy.splitlines() if line.startswith("cp "))
        subprocess.run(["sh", "-e", "-c", command], cwd=self.folder, check=True, timeout=60)
        after = os.stat(self.path(name))
        self.assertNotEqual(before.st_ino, after.st_ino)
        self.assertEqual(self.names(), ["bin", name])
        self.assertEqual(self.read(name), self.fixture("broken/nothing-found"))


class Inputs(ExplainTest):
    def test_standard_input(self):
        result = self.run_command("explain", "-", stdin=self.fixture("broken/stale-page"))
        self.assertEqual((result.status, result.err), (2, ""))
        self.assertTrue(result.out.startswith(b"-: it was changed"))
        self.assertIn(b"reseal fix FILE\n", result.out)
        self.assertEqual(self.names(), [])  # $TMPDIR

    def test_a_folder_tells_of_bad_files_and_counts_the_others(self):
        os.mkdir(self.path("d"))
        self.copy("nothing-found", "d/a")
        self.copy("stale-page", "d/b")
        self.copy("not-macho", "d/c")
        self.write("d/text", b"#!/bin/sh\n")
        os.symlink("b", self.path("d/link"))
        os.mkfifo(self.path("d/fifo"))
        result = self.run_command("explain", "d")
        self.assertEqual((result.status, result.err), (2, ""))
        lines = [line for line in result.out.decode().splitlines() if not line.startswith(" ")]
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith("d/b: it was changed"))
        self.assertEqual(lines[1], "d: 2 Mach-O files, 1 bad")
        self.assertEqual([told["path"] for told in self.explained("d")[1]], ["d/a", "d/b"])

    def test_what_cannot_be_read_is_a_message_and_the_rest_is_looked_at(self):
        self.copy("stale-page", "bad")
        result = self.run_command("explain", "nowhere", "bad")
        self.assertEqual(result.status, 1)
        self.assertEqual(len(result.lines()), 1)
        self.assertTrue(result.err.startswith("reseal: nowhere: "))
        self.assertTrue(result.out.startswith(b"bad: it was changed"))

    def test_an_endless_stream_that_is_no_program_is_not_kept(self):
        for command, status in (("explain", 2), ("show", 1)):
            with self.subTest(command=command), subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
                self.assertEqual(self.run_command(command, "-", stdin_from=endless.stdout).status, status)
                endless.kill()

    def test_a_program_that_goes_on_without_an_end_is_not_kept(self):
        self.write("x", self.fixture("a/exe.arm64"))
        for command in ("verify", "explain", "show"):
            with self.subTest(command=command), subprocess.Popen(
                    ["sh", "-c", "cat x; cat /dev/zero"], cwd=self.folder, stdout=subprocess.PIPE) as endless:
                result = self.run_command(command, "-", stdin_from=endless.stdout)
                endless.kill()
                self.assertEqual((result.status, result.out), (1, b""))
                self.assertIn("goes on for more than 256 MiB behind the end of its program", result.err)
                self.assertIn("name a file that holds it unpacked", result.err)

    def test_json_on_a_terminal_cannot_speak_to_it(self):
        name = "a\u009b31m\u202eb"
        self.write(name, self.fixture("broken/stale-page"))
        line = ('CODE SIGNING: process 7[a]: rejecting invalid page at address 0x1000 from offset 0x0 in file "/%s" '
                "(cs_mtime:1.1 == mtime:1.1) (signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:0)\n")
        self.write("log", (line % name).encode())
        for arguments in (("verify", "--json", name), ("explain", "--json", name), ("show", "--json", name),
                          ("explain", "--json", "--log", "log", name)):
            with self.subTest(arguments):
                out = self.run_command(*arguments).out
                self.assertTrue(out.isascii(), out)
                self.assertIn(name, json.loads(out)["path"])

    def test_what_is_appended_to_a_program_changes_nothing_in_a_stream_either(self):
        program = self.fixture("a/exe.arm64") + bytes(5 << 20)
        self.write("x", program)
        for command in ("verify", "explain", "show"):
            whole = self.run_command(command, "x")
            streamed = self.run_command(command, "-", stdin=program)
            self.assertEqual((streamed.status, streamed.err), (0, ""))
            self.assertEqual(streamed.out.splitlines()[0], whole.out.splitlines()[0].replace(b"x", b"-", 1))
        result = self.run_command("verify", "-", stdin=gzip.compress(program))
        self.assertEqual(result.out, self.run_command("verify", "-", stdin=program).out)

    @unittest.skipIf(os.geteuid() == 0, "the superuser may read everything")
    def test_a_folder_without_rights(self):
        os.mkdir(self.path("d"), 0)
        result = self.run_command("explain", "d")
        self.assertEqual(result.status, 1)
        self.assertTrue(result.err.startswith("reseal: d: "))

    def test_a_device_and_a_large_file_of_nothing(self):
        for name in ("/dev/null", "/dev/zero"):
            result = self.run_command("explain", name)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertEqual(result.lines(), [f"reseal: {name}: is a device, {REMEDY}"])
        with open(self.path("large"), "wb") as file:
            file.truncate(100 << 30)
        self.assertEqual(self.codes("large"), [["not-macho"]])
        with open(self.path("larger"), "wb") as file:
            file.write(self.fixture("broken/nothing-found"))
            file.truncate(100 << 30)
        self.assertEqual(self.codes("larger"), [["nothing-found"]])

    def test_a_pipe_by_its_name_is_not_waited_for(self):
        os.mkfifo(self.path("pipe"))
        for arguments in (["pipe"], ["--log", "pipe"]):
            result = self.run_command("explain", *arguments)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertEqual(result.lines(), [f"reseal: pipe: is a pipe, {REMEDY}"])

    def test_a_bundle_is_told_of_by_its_name_and_signed_as_a_whole(self):
        shutil.copytree(os.path.join(BROKEN, "stale-resources.app"), self.path("T.app"))
        result = self.run_command("explain", "T.app/")
        self.assertEqual((result.status, result.err), (2, ""))
        lines = result.out.decode().splitlines()
        self.assertRegex(lines[0], "^T.app/?: something in the bundle is not as it was signed")
        self.assertIn("Contents/Resources/greeting.txt", lines[1])
        self.assertEqual(lines[-1], "T.app/: 1 Mach-O file, 0 bad; 1 bundle not as sealed")
        shutil.copytree(os.path.join(BROKEN, "stale-info-plist.app"), self.path("I.app"))
        for path in ("I.app/Contents/MacOS/tool", "I.app/Contents/../Contents/MacOS/tool"):
            out = self.run_command("explain", path).out.decode()
            self.assertRegex(out, r"(?m)^    codesign --force --sign - .* (\S+/)?I\.app$")

    def test_a_folder_of_folders_in_a_circle(self):
        os.makedirs(self.path("A.app/Contents/MacOS"))
        os.symlink("../..", self.path("A.app/Contents/A.app"))
        self.copy("nothing-found", "A.app/Contents/MacOS/A")
        self.assertEqual(self.run_command("explain", "A.app").out, b"A.app: 1 Mach-O file, 0 bad\n")

    def test_usage(self):
        for arguments, message in (([], "PATH: "), ([""], "PATH: "), (["--arch", "vax", "x"], "--arch: "),
                                   (["--log="], "--log: "), (["--frob", "x"], "--frob: ")):
            result = self.run_command("explain", *arguments)
            self.assertEqual((result.status, result.out), (1, b""), arguments)
            self.assertTrue(result.err.startswith("reseal: " + message), result.err)
            self.assertIn("reseal: see reseal explain --help", result.err)

    def test_the_help_names_the_statuses(self):
        result = self.run_command("explain", "--help")
        self.assertEqual(result.status, 0)
        self.assertIn(b"Exit status: 0 ", result.out)
        self.assertTrue(all(len(line) <= 90 for line in result.out.decode().splitlines()))


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Schema(ExplainTest):
    def test_every_broken_program(self):
        with open(os.path.join(DOCS, "explain.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        lines = self.explained(BROKEN, os.path.join(BROKEN, "not-macho"))[1]
        self.assertGreaterEqual(len(lines), 30)
        for line in lines:
            validator.validate(line)
        good = lines[0]
        for change in ({"causes": []}, {"valid": "yes"}, {"more": 1}, {"causes": [{**good["causes"][0], "code": "bad-luck"}]},
                       {"causes": [{**good["causes"][0], "certainty": "hardly"}]}):
            with self.subTest(change=change), self.assertRaises(jsonschema.ValidationError):
                validator.validate({**good, **change})


if __name__ == "__main__":
    unittest.main()
