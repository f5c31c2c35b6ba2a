#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""reseal unpack: whose kernel reads the scripts, what never ends, and options and names that do not fit the archives."""
import bz2
import os
import random
import subprocess
import sys
import unittest

from command import RESEAL
from test_unpack_conda import PLACEHOLDER, TEXT, Package
from unpacking import OLD, UnpackTest, entry, tar, tree

NOISE = random.Random(11).randbytes(1_300_000)
ELF = b"\x7fELF\2\1\1\0" + bytes(56)
HOST = "osx" if sys.platform == "darwin" else "linux"

# With it a #! line is too long for Linux, and not for macOS.
LONG = "/" + "p" * 200


def script(prefix):
    return "#!%s/bin/python\nprint()\n" % prefix


class Platforms(UnpackTest):
    def first_line(self, name):
        return self.read(name).split(b"\n")[0].decode()

    def expect(self, platform, *arguments, **more):
        self.done("--prefix", LONG, *arguments, "dest", **more)
        line = {"linux": "#!/bin/sh", "osx": script(LONG).split("\n")[0]}[platform]
        self.assertEqual(self.first_line("dest/bin/tool"), line)
        found = tree(self.dest())
        subprocess.run(["rm", "-r", self.dest()], check=True)
        return found

    def test_scripts_that_come_before_the_program_that_tells_whose_they_are(self):
        tool, mac = entry("bin/tool", script(OLD), mode=0o755), entry("lib/a", self.fixture("a/exe.arm64"))
        linux, text = entry("lib/b", ELF), entry("doc", "no program")
        for platform, entries in (("osx", [tool, mac]), ("osx", [mac, tool]), ("linux", [tool, linux]), ("osx", [text, tool, mac, linux]),
                                  ("linux", [tool, linux, mac]), (HOST, [tool, text])):
            data = tar(entries)
            self.write("a.tar", data)
            found = self.expect(platform, "--from", OLD, "a.tar")
            self.assertEqual(self.expect(platform, "--from", OLD, "-", stdin=data), found)
            self.assertEqual(found["bin/tool"][1], 0o755)
            for asked in ("linux", "osx"):
                self.expect(asked, "--platform", asked, "--from", OLD, "a.tar")

    def test_a_script_that_is_the_same_everywhere_is_read_once(self):
        self.write("a.tar", tar([entry("bin/tool", script(OLD)), entry("lib/a", self.fixture("a/exe.arm64"))]))
        self.assertNotIn("read again", self.done("--from", OLD, "a.tar", "dest").err)
        self.assertEqual(self.first_line("dest/bin/tool"), script(self.dest()).split("\n")[0])

    def test_a_script_that_is_too_large_to_be_held(self):
        self.write("a.tar", tar([entry("bin/tool", script(OLD) + "#" * 2_000_000), entry("lib/a", self.fixture("a/exe.arm64"))]))
        self.expect("osx", "--from", OLD, "a.tar")

    def test_the_package_says_it_and_not_its_programs(self):
        for subdir, platform in (("linux-64", "linux"), ("osx-64", "osx")):
            package = Package(subdir=subdir).add("bin/tool", TEXT, "text").add("lib/a", self.fixture("a/exe.arm64")).add("lib/b", ELF)
            self.write("demo.conda", package.conda())
            self.expect(platform, "demo.conda")
            self.write("demo-1.0-h0_0.tar.bz2", package.tar_bz2())
            self.expect(platform, "demo-1.0-h0_0.tar.bz2")

    def test_a_package_for_all_goes_with_those_beside_it(self):
        """In the same run, or installed before."""
        self.write("all.conda", Package("all", "noarch", noarch="generic").add("bin/tool", TEXT, "text").conda())
        for subdir, platform in (("linux-64", "linux"), ("osx-arm64", "osx")):
            self.write("one.conda", Package("one", subdir).add("bin/one", "x").conda())
            self.expect(platform, "all.conda", "one.conda")
            self.done("--prefix", LONG, "one.conda", "dest")
            self.expect(platform, "--merge", "all.conda")

    def test_packages_for_two_platforms_in_one_tree(self):
        self.write("a.conda", Package("a", "linux-64").add("a", "x").conda())
        self.write("b.conda", Package("b", "osx-arm64").add("b", "x").conda())
        self.write("c.conda", Package("c", "noarch", noarch="generic").add("c", "x").conda())
        result = self.done("a.conda", "b.conda", "c.conda", "dest")
        self.assertEqual([line for line in result.lines() if "note: " in line],
                         ["reseal: note: b.conda: a package for osx-arm64 in one tree with a.conda, which is for linux-64"])


class Limits(UnpackTest):
    def test_a_stream_that_never_ends(self):
        """Between files, behind them, and where it has to be copied first."""
        endless = {"plain": "cat /dev/zero", "behind": "cat a.tar /dev/zero", "zip": "printf 'PK\\003\\004'; cat /dev/zero",
                   "gzip": "cat a.tar.gz; cat /dev/zero"}
        self.write("a.tar", tar([entry("x", OLD)]))
        subprocess.run(["gzip", "-k", "a.tar"], cwd=self.folder, check=True)
        for kind, command in endless.items():
            with self.subTest(kind):
                before = self.names()
                pipe = subprocess.Popen(["sh", "-c", command], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                result = self.run_command("unpack", "--from", OLD, "--max-bytes", "1M", "-", "dest", stdin_from=pipe.stdout)
                pipe.stdout.close()
                pipe.wait()
                self.assertEqual((result.status, result.err), (1, "reseal: standard input: beside the contents of its files it is "
                                                               "more bytes than 1048576 (--max-bytes)\n"))
                self.assertEqual(self.names(), before)

    def test_many_small_files_are_no_such_stream(self):
        self.write("a.tar", tar([entry("f%d" % i, "") for i in range(2000)]))
        self.done("--from", OLD, "--max-bytes", "1", "a.tar", "dest")

    def test_sizes_as_people_write_them(self):
        self.write("a.tar", tar([entry("x", b"x" * 2048)]))
        for fits in ("2048", "2k", "2K", "2KiB", "2kib", "1M", "64GiB", "16383T"):
            self.done("--from", OLD, "--max-bytes", fits, "-n", "a.tar", "dest")
        for small in ("2047", "1K", "1KiB"):
            self.refused("--max-bytes", "--from", OLD, "--max-bytes", small, "-n", "a.tar", "dest")
        for wrong in ("0", "0K", "", "K", "-1", "1.5G", "2KB", "2B", "2 K", "16777216T", "18446744073709551616", "1KiBs", "0x10"):
            self.refused("--max-bytes: '%s' is no number of bytes" % wrong, "--from", OLD, "--max-bytes=" + wrong, "a.tar", "dest")

    def test_a_large_binary_file_of_any_tar_is_read_once(self):
        self.write("a.tar", tar([entry("a", ELF + OLD.encode() + b"/x\0" + NOISE), entry("b", NOISE + OLD.encode() + b"/x\0")]))
        result = self.done("--from", OLD, "--prefix", "/p", "a.tar", "dest")
        self.assertIn("prefixes replaced in 2 files", result.err)
        self.assertNotIn("read again", result.err)
        for name in ("a", "b"):
            self.assertIn(b"/p" + b"/" * (len(OLD) - 2) + b"/x\0", self.read("dest/" + name))
            self.assertNotIn(OLD.encode(), self.read("dest/" + name))


class Fits(UnpackTest):
    def notes(self, *arguments):
        return [line[len("reseal: note: "):] for line in self.done(*arguments, "dest").lines() if "note: " in line]

    def test_options_that_no_archive_is_for(self):
        self.write("demo.conda", Package().add("bin/x", TEXT, "text").conda())
        self.write("plain.tar", tar([entry("x", OLD)]))
        self.write("tab.json", b"{}")
        self.assertEqual(self.notes("--homebrew", "PERL=/perl", "--python", "3.12", "--tab", "tab.json", "demo.conda"),
                         ["demo.conda: no bottle, so --tab is of no use", "demo.conda: no bottle, so --homebrew is of no use",
                          "demo.conda: no noarch package of Python, so --python is of no use"])
        subprocess.run(["rm", "-r", self.dest()], check=True)
        self.assertEqual(self.notes("--from", OLD, "--python", "3.12", "plain.tar", "demo.conda"),
                         ["plain.tar: no noarch package of Python, so --python is of no use",
                          "demo.conda: no noarch package of Python, so --python is of no use"])
        subprocess.run(["rm", "-r", self.dest()], check=True)
        self.write("pure.conda", Package("pure", "noarch", noarch="python").add("site-packages/p.py", "x").conda())
        self.assertEqual(self.notes("--python", "3.12", "demo.conda", "pure.conda"), [])
        subprocess.run(["rm", "-r", self.dest()], check=True)
        self.write("bottle.tar", tar([entry("x/1/INSTALL_RECEIPT.json", "{}"), entry("x/1/bin/x", "@@HOMEBREW_PERL@@")]))
        self.assertEqual(self.notes("--homebrew", "JAVA=/java", "bottle.tar"), [])

    def test_packages_whose_files_are_not_called_as_packages_are(self):
        def expected(order):
            found = tree(self.dest())
            subprocess.run(["rm", "-r", self.dest()], check=True)
            self.assertEqual({name for name in found if not name.startswith("conda-meta")}, {"bin", "bin/one", "bin/two"}, order)
            self.assertTrue({"conda-meta/one-1.0-h0_0.json", "conda-meta/two-1.0-h0_0.json"} <= set(found), order)
            self.assertEqual(found["bin/one"][0].decode(), TEXT.replace(PLACEHOLDER, self.dest()))
            return found

        for early in (False, True):
            one, two = Package("one").add("bin/one", TEXT, "text"), Package("two").add("bin/two", TEXT, "text")
            self.write("one.tbz", one.tar_bz2(early))
            self.write("two", bz2.decompress(two.tar_bz2(early)))
            for order in (["one.tbz", "two"], ["two", "one.tbz"], ["--from", OLD, "one.tbz", "two"]):
                result = self.done(*order, "dest")
                self.assertEqual("read again" in result.err, not early, order)
                expected(order)
            self.done("-", "two", "dest", stdin=self.read("one.tbz"))
            expected("pipe")

    def test_an_archive_with_metadata_of_something_else(self):
        self.write("a.tar", tar([entry("info/index.json", "{}"), entry("y", OLD)]))
        self.write("b.tar", tar([entry("x", OLD)]))
        for order in (["a.tar"], ["a.tar", "b.tar"], ["b.tar", "a.tar"]):
            self.done("--from", OLD, *order, "dest")
            self.assertEqual((self.read("dest/y").decode(), self.read("dest/info/index.json")), (self.dest(), b"{}"))
            subprocess.run(["rm", "-r", self.dest()], check=True)

    def test_archives_of_other_kinds_beside_packages(self):
        """A bottle and an environment have no info/, a package has, whatever its file is called."""
        records = "_prefix_records = [('bin/e', '%s', 'text')]\n" % PLACEHOLDER
        self.write("env.tar", tar([entry("bin/e", TEXT), entry("conda-meta/history", ""), entry("bin/conda-unpack", records)]))
        for early in (False, True):
            self.write("p.tbz", Package("p").add("bin/p", TEXT, "text").tar_bz2(early))
            for order in (["env.tar", "p.tbz"], ["p.tbz", "env.tar"]):
                self.done(*order, "dest")
                for name in ("e", "p"):
                    self.assertEqual(self.read("dest/bin/" + name).decode(), TEXT.replace(PLACEHOLDER, self.dest()))
                self.assertEqual(sorted(os.listdir(self.path("dest/conda-meta"))), ["history", "p-1.0-h0_0.json", "reseal"])
                subprocess.run(["rm", "-r", self.dest()], check=True)
        for name in ("a", "b"):
            self.write(name + "--1.x.bottle.tar", tar([entry(name + "/1/bin/x", "@@HOMEBREW_PREFIX@@")]))
        self.done("a--1.x.bottle.tar", "b--1.x.bottle.tar", "Cellar")
        self.assertEqual((self.read("Cellar/a/1/bin/x"), self.read("Cellar/b/1/bin/x")), (self.folder.encode(),) * 2)

    def test_what_is_counted_is_what_is_there(self):
        """Neither the metadata of packages nor what we write about them."""
        package = Package("pure", "noarch", noarch="python").add("site-packages/p.py", "four").add("bin/x", "12")
        package.info["link.json"] = '{"noarch": {"type": "python", "entry_points": []}, "package_metadata_version": 1}'
        for early in (False, True):
            self.write("pure-1.0-h0_0.tar.bz2", package.tar_bz2(early))
            self.assertIn("reseal: 2 files of 6 bytes unpacked;", self.done("--python", "3.12", "pure-1.0-h0_0.tar.bz2", "dest").err)
            subprocess.run(["rm", "-r", self.dest()], check=True)

    def test_which_of_several_archives_lies(self):
        for name in ("a", "b"):
            package = Package(name).add("lib/" + name, "x", sha256="0" * 64 if name == "b" else "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
            self.write(name + ".conda", package.conda())
        self.refused("reseal: b.conda: lib/b: the file is not the one that its metadata tells of: its SHA-256 is another",
                     "a.conda", "b.conda", "dest")

    def test_a_destination_that_is_a_link(self):
        self.write("a.tar", tar([entry("x", OLD)]))
        os.mkdir(self.path("real"))
        os.symlink("real", self.path("link"))
        os.symlink("nowhere", self.path("dangling"))
        for dest in ("link", "link/", "dangling"):
            for merge in ([], ["--merge"]):
                self.refused(dest + ": a symbolic link, which would be replaced", "--from", OLD, *merge, "a.tar", dest)
        self.done("--from", OLD, "--prefix", self.path("link"), "a.tar", "real")
        self.assertEqual(self.read("link/x").decode(), self.path("link"))

    def test_a_new_place_that_is_nowhere(self):
        self.write("a.tar", tar([entry("x", OLD)]))
        self.refused("--to: 'rel' is not absolute", "--from", OLD, "--to", "rel", "a.tar", "dest")


if __name__ == "__main__":
    unittest.main()
