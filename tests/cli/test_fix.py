#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""fix: new hashes, each file as a new one; what cannot be put right stays as it is."""
import os
import shutil
import stat
import unittest

from command import FROM, TESTDATA, TO, CommandTest


class Fixing(CommandTest):
    def stale(self, name="x"):
        self.write(name, self.fixture("a/exe.arm64").replace(FROM, TO))

    def inode(self, name):
        return os.stat(os.path.join(self.folder, name)).st_ino

    def test_a_naive_replacement_becomes_the_twin(self):
        self.stale()
        os.chmod(os.path.join(self.folder, "x"), 0o750)
        before = self.inode("x")
        result = self.run_command("fix", "x")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(result.out, b"x  arm64  fixed  pages 0, 1, 2, 8; sha256/4096\n")
        self.assertEqual(self.read("x"), self.fixture("b/exe.arm64"))
        self.assertNotEqual(self.inode("x"), before)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.folder, "x")).st_mode), 0o750)

    def test_a_right_file_that_is_named_becomes_a_new_one(self):
        self.write("x", self.fixture("a/exe.arm64"))
        before = self.inode("x")
        result = self.run_command("fix", "x")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(result.out, b"x  arm64  right\nx  is a new file now, with the same bytes\n")
        self.assertEqual(self.read("x"), self.fixture("a/exe.arm64"))
        self.assertNotEqual(self.inode("x"), before)

    def test_of_a_folder_only_what_is_wrong_is_replaced(self):
        os.makedirs(os.path.join(self.folder, "d/e"))
        self.write("d/right", self.fixture("a/exe.arm64"))
        self.write("d/text", b"no program\n")
        self.stale("d/e/wrong")
        before = self.inode("d/right"), self.inode("d/text")
        result = self.run_command("fix", "d")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(result.out, b"d/e/wrong  arm64  fixed  pages 0, 1, 2, 8; sha256/4096\n")
        self.assertEqual((self.inode("d/right"), self.inode("d/text")), before)

    def test_a_folder_without_anything_to_do_is_not_passed_over_in_silence(self):
        os.makedirs(os.path.join(self.folder, "d/e"))
        self.write("d/e/text", b"no program\n")
        self.assertEqual(self.run_command("fix", "d").out, b"d  no Mach-O file\n")
        self.write("d/right", self.fixture("a/exe.arm64"))
        before = self.inode("d/right")
        result = self.run_command("fix", "d", "d/e")
        self.assertEqual((result.status, result.out, result.err), (0, b"d  right\nd/e  no Mach-O file\n", ""))
        self.assertEqual(self.run_command("fix", "-q", "d").out, b"")
        self.assertEqual(self.inode("d/right"), before)

    def test_a_dry_run_writes_nothing(self):
        self.stale()
        before = self.inode("x")
        result = self.run_command("fix", "-n", "x")
        self.assertEqual((result.status, result.out), (0, b"x  arm64  would be fixed  pages 0, 1, 2, 8; sha256/4096\n"))
        self.assertEqual(self.inode("x"), before)
        self.assertEqual(self.read("x"), self.fixture("a/exe.arm64").replace(FROM, TO))

    def test_a_link_is_followed_and_stays_a_link(self):
        self.stale()
        os.symlink("x", os.path.join(self.folder, "link"))
        self.assertEqual(self.run_command("fix", "-q", "link").out, b"")
        self.assertTrue(os.path.islink(os.path.join(self.folder, "link")))
        self.assertEqual(self.read("x"), self.fixture("b/exe.arm64"))

    def test_hard_links_that_keep_the_old_bytes_are_told(self):
        self.stale()
        os.link(os.path.join(self.folder, "x"), os.path.join(self.folder, "y"))
        result = self.run_command("fix", "x")
        self.assertEqual(result.status, 0)
        self.assertEqual(result.err,
                         "reseal: note: x: 1 other name of the file, hard links, still lead to what it was\n")
        self.assertNotEqual(self.read("y"), self.read("x"))

    def test_hard_links_in_a_folder_stay_links(self):
        os.mkdir(os.path.join(self.folder, "d"))
        self.stale("d/a")
        for name in ("d/b", "d/c", "outside"):
            os.link(os.path.join(self.folder, "d/a"), os.path.join(self.folder, name))
        result = self.run_command("fix", "d")
        self.assertEqual(result.status, 0)
        self.assertEqual(result.err, "reseal: note: d/a: 1 other name of the file, hard links, still lead to what it was\n")
        self.assertEqual(result.out.splitlines()[1:], [b"d/b  is a hard link to d/a, as before",
                                                       b"d/c  is a hard link to d/a, as before"])
        self.assertEqual(len({self.inode(name) for name in ("d/a", "d/b", "d/c")}), 1)
        self.assertNotEqual(self.inode("outside"), self.inode("d/a"))
        self.assertEqual(self.read("d/c"), self.fixture("b/exe.arm64"))

    def test_a_program_that_is_mended_is_no_fault_of_its_bundle(self):
        shutil.copytree(os.path.join(TESTDATA, "broken", "profile-mismatch.app"), os.path.join(self.folder, "a.app"))
        program = bytearray(self.read("a.app/Contents/MacOS/tool"))
        program[2 * 4096] ^= 1
        self.write("a.app/Contents/MacOS/tool", program)
        for arguments in (["-n"], []):
            result = self.run_command("fix", "--cms", "keep", *arguments, "a.app")
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertIn(b"fixed, to be signed again  page 2; ", result.out)

    def test_what_no_hash_puts_right_is_refused_and_stays(self):
        self.write("x", self.fixture("a/unsigned.arm64"))
        before = self.inode("x")
        result = self.run_command("fix", "x")
        self.assertEqual((result.status, result.out), (2, b"x  arm64  refused\n"))
        self.assertEqual(result.lines(), ["reseal: x: no signature, without which the system does not load it (offset 0)",
                                          "reseal: x: that takes more than new hashes: see reseal explain"])
        self.assertEqual(self.inode("x"), before)

    def test_what_is_no_program_or_not_there(self):
        self.write("text", b"no program\n")
        result = self.run_command("fix", "text", "nothing")
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertEqual(result.lines()[0], "reseal: text: not Mach-O")
        self.assertRegex(result.lines()[1], r"^reseal: nothing: cannot .*No such file")
        self.assertEqual(self.run_command("fix", "-").status, 1)
        self.assertEqual(self.run_command("fix").status, 1)

    def test_a_pipe_is_an_error_and_not_waited_for(self):
        os.mkfifo(os.path.join(self.folder, "pipe"))
        result = self.run_command("fix", "pipe")
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines(), ["reseal: pipe: is neither a file nor a folder"])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_that_cannot_be_written_keeps_its_file(self):
        os.mkdir(os.path.join(self.folder, "d"))
        self.stale("d/x")
        os.chmod(os.path.join(self.folder, "d"), 0o500)
        self.addCleanup(os.chmod, os.path.join(self.folder, "d"), 0o700)
        result = self.run_command("fix", "d/x")
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertEqual(self.read("d/x"), self.fixture("a/exe.arm64").replace(FROM, TO))

    def test_a_bundles_seal_is_not_called_mended(self):
        shutil.copytree(os.path.join(TESTDATA, "broken", "stale-resources.app"), os.path.join(self.folder, "a.app"))
        result = self.run_command("fix", "a.app")
        self.assertEqual((result.status, result.out), (2, b""))
        self.assertRegex(result.err, r"^reseal: a.app: the bundle's seal is not right: Contents/Resources/greeting.txt: .*"
                                     r": see reseal explain\n$")

    def test_what_no_hash_is_to_blame_for_is_told(self):
        self.write("x", self.fixture("broken/restricted-entitlement"))
        result = self.run_command("fix", "x")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.err, r"^reseal: note: x: its hashes are right, and yet: it claims .* see reseal explain\n$")

    def test_a_contradiction_is_told_and_mended_when_asked(self):
        self.write("x", self.fixture("broken/team-without-cms"))
        result = self.run_command("fix", "x")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.err, r"^reseal: note: x: the signature is ad-hoc, and names a team; --cms adhoc ")
        result = self.run_command("fix", "--cms", "adhoc", "x")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertRegex(result.out, rb"^x  arm64  fixed, ad-hoc now  ")
        self.assertEqual(self.run_command("explain", "x").status, 0)


if __name__ == "__main__":
    unittest.main()
