#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What rewrite says and returns: the three statuses, notes, policies."""
import os
import time
import unittest

from command import FROM, TO, CommandTest, TESTDATA
from signing import cms_signed, with_large_pages


class Rewrite(CommandTest):
    def test_a_twin_comes_out(self):
        for name in sorted(os.listdir(os.path.join(TESTDATA, "a"))):
            with self.subTest(name=name):
                result = self.rewrite("-q", "-r", FROM, TO, os.path.join(TESTDATA, "a", name))
                self.assertEqual((result.status, result.err), (0, ""))
                self.assertEqual(result.out, self.fixture("b/" + name))

    def test_from_a_pipe_as_from_a_file(self):
        result = self.rewrite("-q", "-r", FROM, TO, stdin=self.fixture("a/fat"))
        self.assertEqual((result.status, result.out), (0, self.fixture("b/fat")))
        result = self.rewrite("-q", "-r", FROM, TO, "-o", "-", "-", stdin=self.fixture("a/fat"))
        self.assertEqual((result.status, result.out), (0, self.fixture("b/fat")))

    def test_plain_understands_programs_too(self):
        for choice in ("auto", "plain"):
            result = self.rewrite("-q", "-r", FROM, TO, "--format", choice, stdin=self.fixture("a/exe.arm64"))
            self.assertEqual((result.status, result.out), (0, self.fixture("b/exe.arm64")))

    def test_a_stream_that_does_not_start_at_the_files_first_byte(self):
        self.write("in", b"0123456789" + self.fixture("a/exe.arm64"))
        with open(self.path("in"), "rb") as file:
            os.lseek(file.fileno(), 10, os.SEEK_SET)
            result = self.rewrite("-q", "-r", FROM, TO, stdin_from=file)
        self.assertEqual((result.status, result.out), (0, self.fixture("b/exe.arm64")))

    def test_an_empty_stream(self):
        result = self.rewrite("-r", "a", "b")
        self.assertEqual((result.status, result.out), (0, b""))

    def test_summary_and_quiet(self):
        self.assertEqual(self.rewrite("-r", "a", "b", stdin=b"aa").lines(), ["reseal: 2 substitutions in 1 file"])
        self.assertEqual(self.rewrite("-r", "a", "b", stdin=b"x").lines(), ["reseal: no match"])
        self.assertEqual(self.rewrite("-r", FROM, TO, stdin=self.fixture("a/fat")).lines(),
                         ["reseal: 10 substitutions in 1 file, 2 images resealed"])
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", stdin=b"aa").err, "")

    def test_a_note_leaves_the_status_and_quiet_leaves_it_out(self):
        self.write("in", self.fixture("a/unsigned.arm64"))
        result = self.rewrite("-r", FROM, TO, "in")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.lines()[0], r"^reseal: note: in: .* \(offset \d+\)$")
        result = self.rewrite("-q", "-r", FROM, TO, "in")
        self.assertEqual((result.status, result.err), (0, ""))

    def test_dry_run_writes_nothing(self):
        self.write("in", self.fixture("a/exe.arm64"))
        self.write("out", b"as it was")
        result = self.rewrite("-n", "-r", FROM, TO, "-o", "out", "in")
        self.assertEqual((result.status, result.out), (0, b""))
        self.assertEqual(result.lines(), ["reseal: 5 substitutions in 1 file, 1 image resealed; nothing was written"])
        self.assertEqual(self.rewrite("-n", "-r", FROM, TO, "in").out, b"")
        self.assertEqual(self.rewrite("-n", "-r", FROM, TO, "-o", "no/such/folder/out", "in").status, 0)
        self.assertEqual((self.read("out"), self.names()), (b"as it was", ["in", "out"]))


class Refused(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("stale", self.stale_program())
        self.write("cms", cms_signed(self.fixture("a/exe.arm64")))

    def test_status_2_no_output_and_the_reason(self):
        for name, what in (("stale", "stale"), ("cms", "CMS")):
            for quiet in ([], ["-q"]):
                with self.subTest(name=name, quiet=quiet):
                    result = self.rewrite(*quiet, "-r", FROM, TO, "-o", "out", name)
                    self.assertEqual((result.status, result.out), (2, b""))
                    self.assertRegex(result.lines()[0], rf"^reseal: {name}: .*{what}.* \(offset \d+\)$")
                    self.assertEqual(result.lines()[-1], "reseal: refused for 1 error; there is no output")
                    self.assertEqual(self.names(), ["cms", "stale"])

    def test_an_old_output_stays(self):
        self.write("out", b"as it was")
        self.assertEqual(self.rewrite("-r", FROM, TO, "-o", "out", "stale").status, 2)
        self.assertEqual(self.read("out"), b"as it was")

    def test_a_dry_run_is_refused_too(self):
        self.assertEqual(self.rewrite("-n", "-r", FROM, TO, "stale").status, 2)

    def test_a_pipe_is_cut_short(self):
        result = self.rewrite("-r", FROM, TO, "stale")
        self.assertEqual(result.status, 2)
        self.assertLess(len(result.out), len(self.read("stale")))
        self.assertEqual(result.lines()[-1], "reseal: refused for 1 error; the output is cut short")

    def test_every_refused_slice_is_named(self):
        data = bytearray(self.fixture("a/fat"))
        at = data.index(FROM)
        data[at - 1] ^= 1
        at = data.index(FROM, 32768)
        data[at - 1] ^= 1
        self.write("fat", data)
        result = self.rewrite("-r", FROM, TO, "-o", "out", "fat")
        self.assertEqual(result.status, 2)
        self.assertEqual(len([line for line in result.lines() if line.startswith("reseal: fat: ")]), 2)
        self.assertEqual(result.lines()[-1], "reseal: refused for 2 errors; there is no output")

    def test_untouched_is_never_refused(self):
        for name in ("stale", "cms"):
            result = self.rewrite("-q", "-r", b"?" * 60, b"!" * 60, name)
            self.assertEqual((result.status, result.out), (0, self.read(name)))

    def test_1_wins_over_2(self):
        # Refused, and the report cannot be written.
        result = self.rewrite("-r", FROM, TO, "-o", "out", "--report", "/dev/full", "stale")
        self.assertEqual(result.status, 1)
        self.assertIn("reseal: /dev/full: cannot write: No space left on device", result.lines())
        self.assertEqual(self.names(), ["cms", "stale"])

    def test_stale_reseal(self):
        result = self.rewrite("--stale", "reseal", "-r", FROM, TO, "-o", "out", "stale")
        self.assertEqual(result.status, 0)
        self.assertIn("note: ", result.lines()[0])
        self.assertEqual(self.run_command("verify", "out").status, 0)

    def test_cms_policies(self):
        self.assertEqual(self.run_command("verify", "cms").status, 0)
        result = self.rewrite("--cms", "adhoc", "-r", FROM, TO, "-o", "adhoc", "cms")
        self.assertEqual(result.status, 0)
        self.assertIn("note: cms: ", result.err)
        self.assertEqual(self.run_command("verify", "adhoc").status, 0)
        self.assertEqual(len(self.read("adhoc")), len(self.read("cms")))
        result = self.rewrite("--cms", "keep", "-r", FROM, TO, "-o", "kept", "cms")
        self.assertEqual(result.status, 0)
        self.assertIn("note: cms: ", result.err)
        verified = self.run_command("verify", "kept")
        self.assertEqual(verified.status, 2)
        self.assertIn(b"  unbound  ", verified.out)
        self.assertEqual(self.rewrite("--cms", "refuse", "-r", FROM, TO, "cms").status, 2)


class ChangedInput(CommandTest):
    def test_an_input_that_changes_while_it_is_read(self):
        program = self.fixture("a/exe.arm64")
        self.write("in", with_large_pages(program))
        self.assertEqual(self.run_command("verify", "in").status, 0)
        self.assertEqual(self.rewrite("-q", "-r", FROM, TO, "-o", "out", "in").status, 0)
        self.write("in", program)
        for name in ("first", "second"):
            os.mkfifo(self.path(name))
        process = self.start("rewrite", "-r", FROM, TO, "-o", "first", "--report", "second", "in")
        # Once it opens the first it has looked ahead, and it reads on when the second is open.
        with open(self.path("first"), "rb") as output:
            self.write("in", with_large_pages(program))
            report = self.read("second")
            output.read()
        _, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err), (1, b"reseal: in: changed while it was read\n"))
        self.assertIn(b'"sha256":null', report)


class NonBlocking(CommandTest):
    def test_input_that_is_not_there_yet(self):
        """Some programs give their children pipes that do not block."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        process = self.start("rewrite", "-q", "-r", "a", "b", stdin=reader)
        os.close(reader)
        for piece in (b"xa", b"ax"):
            time.sleep(0.2)
            os.write(writer, piece)
        os.close(writer)
        out, error = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out, error), (0, b"xbbx", b""))


if __name__ == "__main__":
    unittest.main()
