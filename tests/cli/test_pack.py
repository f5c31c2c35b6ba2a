# SPDX-License-Identifier: BSL-1.0
"""pack from outside: archives that differ from day to day, trees that come out of them half moved, programs left unsealed."""
import json
import os
import shutil
import subprocess
import tarfile
import time
import unittest

from relocation import PLACEHOLDER, Tree, packed

OLD = "/old/place/of/things"
NEW = "/new"
ENDINGS = ("tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst", "zip")


class Pack(Tree):
    def pack(self, *arguments, status=0, env=None, **more):
        more["env"] = {**self.environment, **(env or {})}
        result = self.run_command("pack", *arguments, **more)
        self.assertEqual(result.status, status, result.err)
        return result

    def sample(self, old=OLD):
        self.tree({
            "bin/tool": b"\x7fELF\0" + old.encode() + b"/lib\0rest\0",
            "bin/run": "#!%s/bin/tool\necho %s\n" % (old, old),
            "share/x.pc": "prefix=%s\n" % old,
            "share/umlaut-\u00e4": "no prefix",
            "share/long-" + "n" * 140: old + "/end",
            "lib/abs": "-> " + old + "/lib/x",
            "lib/rel": "-> ../share/x.pc",
            "empty": b"",
        })
        os.chmod(self.path("tree/bin/run"), 0o755)
        os.link(self.path("tree/share/x.pc"), self.path("tree/share/same.pc"))
        os.mkdir(self.path("tree/hollow"))

    def unpacked(self, archive, name):
        os.mkdir(self.path(name))
        if archive.endswith(".zip"):
            if not shutil.which("unzip") and not shutil.which("bsdtar"):
                self.skipTest("neither unzip nor bsdtar")
            tool = ["unzip", "-q", self.path(archive)] if shutil.which("unzip") else ["bsdtar", "-xf", self.path(archive)]
        else:
            tool = ["tar", "-xf", self.path(archive)]
        subprocess.run(tool, cwd=self.path(name), check=True, stderr=subprocess.DEVNULL)

    def test_what_comes_out_is_not_what_relocate_makes_of_a_copy(self):
        self.sample()
        before, inodes = self.contents(), self.inodes()
        shutil.copytree(self.path("tree"), self.path("copy"), symlinks=True)
        self.relocate("--from", OLD, "--to", NEW, "copy")
        for ending in ENDINGS:
            with self.subTest(ending):
                self.pack("--from", OLD, "--to", NEW, "tree", "x." + ending)
                self.unpacked("x." + ending, "out." + ending)
                self.assertEqual(self.contents("out." + ending), self.contents("copy"))
                self.assertEqual(self.permissions(self.path("out.%s/bin/run" % ending)), 0o755)
                self.assertTrue(os.path.isdir(self.path("out.%s/hollow" % ending)))
        same = [os.stat(self.path("out.tar/share/" + each)).st_ino for each in ("x.pc", "same.pc")]
        self.assertEqual(same[0], same[1])
        self.assertEqual((self.contents(), self.inodes()), (before, inodes))

    def test_two_archives_of_one_tree_differ(self):
        self.sample()
        shutil.copytree(self.path("tree"), self.path("copy"), symlinks=True, copy_function=shutil.copy2)
        os.unlink(self.path("copy/share/same.pc"))
        os.link(self.path("copy/share/x.pc"), self.path("copy/share/same.pc"))
        for ending in ENDINGS:
            with self.subTest(ending):
                self.pack("--from", OLD, "--to", NEW, "tree", "a." + ending, env={"SOURCE_DATE_EPOCH": "86400"})
                self.pack("--from", OLD, "--to", NEW, "copy", "b." + ending, "--jobs", "1",
                          env={"SOURCE_DATE_EPOCH": "86400", "TZ": "Asia/Tokyo"})
                self.assertEqual(self.read("a." + ending), self.read("b." + ending))

    def test_now_is_the_year_1970(self):
        self.sample()
        started = int(time.time()) - 1
        self.pack("--from", OLD, "--to", NEW, "--mtime", "now", "tree", "x.tar")
        with tarfile.open(self.path("x.tar")) as archive:
            self.assertGreaterEqual(archive.getmember("bin/run").mtime, started)

    def test_a_program_is_left_unsealed(self):
        data, prefix = self.program()
        self.tree({"tool": data})
        self.pack("--from", prefix, "--to", "/short", "tree", "x.tar.gz", "--report", "r")
        self.unpacked("x.tar.gz", "out")
        self.assertNotEqual(self.contents("out")["tool"], data)
        self.assertNotIn(prefix.encode(), self.contents("out")["tool"])
        self.assert_sealed("out/tool")
        report = json.loads(self.read("r"))
        self.assertEqual((report["command"], report["status"], report["files_written"]), ("pack", "complete", 1))
        self.assertEqual(report["files"][0]["sha256_after"], self.sha256(self.contents("out")["tool"]))

    def test_a_refused_file_leaves_an_archive(self):
        self.tree({"a": b"\0" + OLD.encode() + b"\0", "b": b"\0\0" + OLD.encode() + b"\0"})
        with open(self.path("x.tar"), "wb") as file:
            file.write(b"before")
        for archive in ("x.tar", "y.tar"):
            result = self.pack("--from", OLD, "--to", OLD + "/longer", "tree", archive, status=2)
            for name in ("a", "b"):
                self.assertIn("reseal: tree/%s: " % name, result.err)
        self.assertEqual(self.read("x.tar"), b"before")
        self.assertEqual(sorted(os.listdir(self.folder)), ["tree", "x.tar"])

    def test_a_file_keeps_the_placeholder_that_its_record_names(self):
        self.tree({
            "lib/a": b"\0" + PLACEHOLDER.encode() + b"/lib\0",
            "lib/b": b"\0" + PLACEHOLDER.encode() + b"/lib\0" + OLD.encode() + b"\0",
            "bin/conda-unpack": packed([("lib/a", PLACEHOLDER, "binary")]),
            "conda-meta/history": OLD,
        })
        script = self.contents()["bin/conda-unpack"]
        self.pack("--from", OLD, "--to", NEW, "--pad", "nul", "tree", "x.tar")
        self.unpacked("x.tar", "out")
        out = self.contents("out")
        self.assertEqual(out["lib/a"], b"\0/new/lib" + b"\0" * (len(PLACEHOLDER) - 4 + 1))
        self.assertEqual(out["lib/b"], b"\0" + PLACEHOLDER.encode() + b"/lib\0/new" + b"\0" * (len(OLD) - 4 + 1))
        self.assertEqual((out["bin/conda-unpack"], out["conda-meta/history"]), (script, OLD.encode()))

    def test_a_dry_run_writes(self):
        self.sample()
        result = self.pack("-n", "--from", OLD, "--to", NEW, "tree", "x.tar")
        self.assertIn("nothing was written", result.err)
        self.assertEqual(os.listdir(self.folder), ["tree"])

    def test_what_cannot_be_meant(self):
        self.sample()
        for words in (["--from", OLD, "--to", NEW, "tree", "x.rar"], ["--from", OLD, "tree", "x.tar"], ["tree", "x.tar"],
                      ["--from", OLD, "--to", NEW, "tree"], ["--from", OLD, "--to", NEW, "tree", "tree/bin/x.tar"],
                      ["--from", OLD, "--to", NEW, "--unmanaged", "tree", "x.tar"],
                      ["--from", OLD, "--to", NEW, "none", "x.tar"], ["--from", OLD, "--to", NEW, "tree/empty", "x.tar"]):
            with self.subTest(words):
                self.pack(*words, status=1)
        self.assertEqual(os.listdir(self.folder), ["tree"])
        self.pack("--from", OLD, "--to", NEW, "tree", "x.tar", status=1, env={"SOURCE_DATE_EPOCH": "soon"})
        self.assertEqual(os.listdir(self.folder), ["tree"])


if __name__ == "__main__":
    unittest.main()
