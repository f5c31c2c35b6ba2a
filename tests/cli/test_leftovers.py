# SPDX-License-Identifier: BSL-1.0
"""--leftovers from outside, and first lines that have to work for a kernel: what is not found, or found where it has to stand."""
import gzip
import json
import os
import shutil
import subprocess
import sys
import unittest

from relocation import Tree
from unpacking import UnpackTest, entry, tar

OLD = "/old/place/of/things"


class Leftovers(Tree):
    def test_what_no_move_reaches_is_not_named(self):
        self.tree({"share/doc.gz": gzip.compress(b"see " + OLD.encode() * 3), "share/x.pc": "prefix=" + OLD})
        result = self.relocate("--from", OLD, "--to", "/n", "--leftovers", "--report", "r", "tree")
        self.assertEqual(self.contents()["share/x.pc"], b"prefix=/n")
        self.assertEqual(result.out.decode(), "".join(
            "share/doc.gz: gzip: %s at %d\n" % (OLD, 4 + i * len(OLD)) for i in range(3)))
        self.assertIn("reseal: 3 leftovers of old prefixes; 2 files searched", result.err)
        self.assertEqual(json.loads(self.read("r"))["leftovers"][0],
                         {"path": "share/doc.gz", "offset": 4, "prefix": OLD, "encoding": "utf-8", "inside": "gzip"})

    def test_a_wide_prefix_is_overlooked(self):
        self.tree({"lib": b"\x7fELF\0\0" + (OLD + "/x").encode("utf-16-le")})
        result = self.relocate("--from", OLD, "--to", "/n", "--leftovers", "tree")
        self.assertEqual(result.out.decode(), "lib: %s at 6 (utf-16-le)\n" % OLD)

    def test_the_report_and_the_list_come_mixed(self):
        self.tree({"x.gz": gzip.compress(OLD.encode() * 2)})
        report = json.loads(self.relocate("--from", OLD, "--to", "/n", "--leftovers", "--report", "-", "tree").out)
        self.assertEqual([each["offset"] for each in report["leftovers"]], [0, len(OLD)])
        for more in ([], ["--leftovers", "-n"]):
            result = self.relocate("--from", OLD, "--to", "/n", "--report", "-", *more, "tree")
            self.assertIsNone(json.loads(result.out)["leftovers"])
            self.assertNotIn("leftover", result.err)

    def test_a_tree_that_is_clean_is_said_not_to_be(self):
        self.tree({"x": OLD, "cut.gz": gzip.compress(b"x" * 5000)[:-9]})
        result = self.relocate("--from", OLD, "--to", OLD + "/and/more", "--leftovers", "tree")
        self.assertEqual(result.out, b"")
        self.assertIn("0 leftovers of old prefixes", result.err)
        self.assertIn("note: cut.gz: gzip: not searched for leftovers: ", result.err)


class OfArchives(UnpackTest):
    def test_an_unpacked_tree_is_not_searched(self):
        path = self.write("a.tar", tar([entry("doc.gz", gzip.compress(OLD.encode() * 2)), entry("x", OLD)]))
        arguments = ("unpack", "--from", OLD, path, self.path("d"))
        result = self.run_command(*arguments, "--leftovers", "-n")
        self.assertEqual((result.status, "leftover" in result.err), (0, False))
        result = self.run_command(*arguments, "--leftovers")
        self.assertEqual(result.status, 0, result.err)
        self.assertIn("doc.gz: gzip: %s at %d\n" % (OLD, len(OLD)), result.out.decode())
        self.assertNotIn("\nx: ", result.out.decode())


SCRIPT = "#!%s/bin/python3%s\n# %s\nimport sys\nprint(sys.argv[1:], __name__, sys.flags.optimize)\n"


@unittest.skipUnless(shutil.which("sh"), "no sh")
class Running(Tree):
    """A prefix that no kernel takes in a first line: the script has to run all the same, and with this Python."""

    def run_script(self, prefix, options=""):
        os.makedirs(os.path.join(self.folder, prefix, "bin"))
        new = os.path.realpath(os.path.join(self.folder, prefix))
        os.symlink(sys.executable, os.path.join(new, "bin", "python3"))
        script = os.path.join(new, "bin", "tool")
        with open(script, "w", encoding="utf-8") as file:
            file.write(SCRIPT % (OLD, options, OLD))
        os.chmod(script, 0o755)
        self.relocate("--from", OLD, "--to", new, script)
        done = subprocess.run([script, "a b", "$c", "'"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        with open(script, "rb") as file:
            return done.stdout.decode(), done.stderr.decode(), file.read()

    def test_a_script_in_a_folder_with_a_space_does_not_start(self):
        for name in ("with a space", "'single", "do$HOME`ls`llar s", "a \"quoted\" one", "back\\slash \\u and $HOME"):
            with self.subTest(name):
                out, err, text = self.run_script(name, " -O")
                self.assertEqual(out, "['a b', '$c', \"'\"] __main__ 1\n", err)
                if " " in name:
                    self.assertTrue(text.startswith(b"#!/bin/sh\n'''exec' "), text)

    def test_a_script_in_a_long_folder_does_not_start(self):
        out, err, text = self.run_script("x" * 200)
        self.assertEqual(out, "['a b', '$c', \"'\"] __main__ 0\n", err)
        self.assertTrue(text.startswith(b"#!/bin/sh\n'''exec' "), text)

    def test_python_complains_of_the_second_line(self):
        for name in ("with a space", "do$llar s", "a \"quoted\" one"):
            self.assertEqual(self.run_script(name)[1], "")


if __name__ == "__main__":
    unittest.main()
