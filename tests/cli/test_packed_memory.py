# SPDX-License-Identifier: BSL-1.0
"""What an archive remembers of the tree that was packed: environments that can be moved only once more, or lose their room, when
they went through an archive."""
import json
import os
import shutil
import subprocess
import unittest

from command import FROM
from relocation import PLACEHOLDER, Tree, packed

NEW = "/srv/new"


class PackedMemoryTest(Tree):
    maxDiff = None

    def command(self, *arguments, status=0):
        result = self.run_command(*arguments)
        self.assertEqual(result.status, status, result.err)
        return result

    def installed(self):
        """As conda has installed it, packed by conda-pack: files hold what their packages were built with."""
        sealed, old = self.program()
        tool, library = "#!%s/bin/sh\n%s\n" % (PLACEHOLDER, PLACEHOLDER), b"\x7fELF\0" + PLACEHOLDER.encode() + b"/lib\0"
        paths = [{"_path": path, "path_type": "hardlink", "file_mode": mode, "prefix_placeholder": prefix,
                  "sha256": self.sha256(data), "sha256_in_prefix": self.sha256(data), "size_in_bytes": len(data)}
                 for path, mode, prefix, data in (("bin/tool", "text", PLACEHOLDER, tool.encode()),
                                                  ("lib/a.so", "binary", PLACEHOLDER, library), ("bin/sealed", "binary", old, sealed))]
        link = PLACEHOLDER + "/lib/a.so"
        paths.append({"_path": "lib/link", "path_type": "softlink", "prefix_placeholder": PLACEHOLDER, "file_mode": "text",
                      "sha256_in_prefix": self.sha256(link.encode())})
        self.tree({
            "bin/conda-unpack": packed([("bin/tool", PLACEHOLDER, "text"), ("lib/a.so", PLACEHOLDER, "binary"),
                                        ("lib/again.so", PLACEHOLDER, "binary"),
                                        ("bin/sealed", old, "binary")]),
            "bin/tool": tool, "lib/a.so": library, "bin/sealed": sealed, "lib/link": "-> " + link, "share/plain": "plain",
            "conda-meta/history": "", "conda-meta/a-1-0.json": json.dumps(
                {"name": "a", "version": "1", "build": "0", "subdir": "osx-arm64", "files": [each["_path"] for each in paths],
                 "paths_data": {"paths_version": 1, "paths": paths}}, indent=2)}, "env")
        os.link(self.path("env/lib/a.so"), self.path("env/lib/again.so"))
        for folder, folders, files in os.walk(self.path("env"), topdown=False):
            for name in files + folders:
                os.utime(os.path.join(folder, name), (1_000_000_000, 1_000_000_000), follow_symlinks=False)

    def directly(self, name):
        """What one move makes of the environment."""
        subprocess.run(["cp", "-a", self.path("env"), self.path(name)], check=True)
        self.command("conda-unpack", "-q", name)
        found = self.contents(name)
        shutil.rmtree(self.path(name))
        return found

    def archived(self, *arguments):
        """Packed twice: the same bytes."""
        self.command("pack", "-q", *arguments, "x.tar.gz")
        self.command("pack", "-q", "--jobs", "1", *arguments, "y.tar.gz")
        self.assertEqual(self.read("x.tar.gz"), self.read("y.tar.gz"))
        return "x.tar.gz"

    def tarred(self, archive, name):
        os.mkdir(self.path(name))
        subprocess.run(["tar", "-xf", self.path(archive), "-C", self.path(name)], check=True)

    def without(self, archive, file):
        self.tarred(archive, "whole")
        os.remove(self.path("whole/" + file))
        subprocess.run(["tar", "-cf", self.path(archive), "-C", self.path("whole"), "."], check=True)
        shutil.rmtree(self.path("whole"))


class PackedMemory(PackedMemoryTest):
    def moved_on(self, archive, places):
        """By tar and conda-unpack, by unpack, and on from there: as one move there would have made it."""
        for name in places:
            expected = self.directly(name)
            self.tarred(archive, name)
            self.command("relocate", "-q", "--verify", name)
            memory = json.loads(self.read(name + "/conda-meta/reseal"))
            self.assertEqual({each["at"] for each in memory["prefixes"]}, {NEW})
            self.command("conda-unpack", "-q", name)
            self.assertEqual(self.contents(name), expected)
            self.command("relocate", "-q", "--verify", name)
            self.assert_sealed(name + "/bin/sealed")
            shutil.rmtree(self.path(name))
            result = self.command("unpack", archive, name)
            self.assertEqual(self.contents(name), expected)
            self.assertNotIn("note", result.err)
            self.command("relocate", "-q", "--verify", name)
            again = places[0] + "-again"
            os.rename(self.path(name), self.path(again))
            self.command("conda-unpack", "-q", again)
            found = self.contents(again)
            shutil.rmtree(self.path(again))
            self.assertEqual(found, self.directly(again))

    def test_what_was_packed_for_one_place_cannot_move_to_another(self):
        self.installed()
        archive = self.archived("--from", PLACEHOLDER, "--to", NEW, "env")
        self.moved_on(archive, ["c", "a-place-with-a-longer-name"])

    def test_the_memory_of_the_place_that_was_packed_goes_along_or_room_is_lost(self):
        self.installed()
        subprocess.run(["cp", "-a", self.path("env"), self.path("a")], check=True)
        self.command("conda-unpack", "-q", "a")
        before = self.contents("a")
        archive = self.archived("--from", self.path("a"), "--to", NEW, "a")
        self.assertEqual(self.contents("a"), before)
        self.tarred(archive, "out")
        shutil.rmtree(self.path("out"))
        self.moved_on(archive, ["c", "a-place-with-a-longer-name"])

    def test_a_program_called_conda_unpack_is_packed_and_unpacked_whatever_its_size(self):
        self.installed()
        self.command("conda-unpack", "-q", "env")
        with open(self.path("env/bin/conda-unpack"), "wb") as file:
            file.write(b"\xcf\xfa\xed\xfe\0")
            file.truncate((64 << 20) + 1)
        self.command("pack", "-q", "--from", self.path("env"), "--to", NEW, "env", "x.tar")
        self.command("unpack", "-q", "x.tar", "d")
        self.assertEqual(os.path.getsize(self.path("d/bin/conda-unpack")), (64 << 20) + 1)
        self.assertEqual(self.contents("d")["lib/link"], "-> %s/lib/a.so" % self.path("d"))
        self.command("relocate", "-q", "--verify", "d")

    def test_what_records_and_memory_name_is_missed_twice(self):
        self.installed()
        self.command("pack", "-q", "--from", PLACEHOLDER, "--to", NEW, "env", "x.tar")
        self.without("x.tar", "bin/tool")
        for command in (["unpack", "x.tar", "d"], ["conda-unpack", "d"]):
            result = self.command(*command)
            self.assertEqual(result.err.count("bin/tool: "), 1, result.err)

    def test_the_memory_is_packed_below_a_link(self):
        self.installed()
        os.rename(self.path("env/conda-meta"), self.path("meta"))
        os.symlink("../meta", self.path("env/conda-meta"))
        result = self.command("pack", "--from", PLACEHOLDER, "--to", NEW, "env", "x.tar", status=1)
        self.assertIn("env/conda-meta: is no folder", result.err)
        self.assertFalse(os.path.exists(self.path("x.tar")))
        self.tree({"a": PLACEHOLDER, "conda-meta": "-> elsewhere"}, "plain")
        self.command("pack", "-q", "--from", PLACEHOLDER, "--to", NEW, "plain", "x.tar")
        self.tarred("x.tar", "out")
        self.assertEqual(self.contents("out"), {"a": NEW.encode(), "conda-meta": "-> elsewhere"})

    def test_a_file_of_somebody_else_is_called_no_json(self):
        self.tree({"a": PLACEHOLDER, "conda-meta/reseal": "window 3\n"}, "plain")
        before = self.contents("plain")
        for command in (["pack", "--from", PLACEHOLDER, "--to", NEW, "plain", "x.tar"], ["relocate", "--from", PLACEHOLDER, "plain"]):
            result = self.command(*command, status=1)
            self.assertIn("plain/conda-meta/reseal: ", result.err)
            self.assertIn("moves are remembered in this file: if it is another program's, it needs another name or place", result.err)
        self.assertEqual(self.contents("plain"), before)

    def test_a_memory_is_packed_that_is_not_true(self):
        self.installed()
        self.command("conda-unpack", "-q", "env")
        memory = json.loads(self.read("env/conda-meta/reseal"))
        memory["prefixes"][0]["pending"] = "/elsewhere"
        self.command("pack", "--from", self.path("env"), "--to", NEW, "--only", "tool", "env", "x.tar", status=1)
        self.write("env/conda-meta/reseal", json.dumps(memory).encode())
        result = self.command("pack", "--from", self.path("env"), "--to", NEW, "env", "x.tar", status=1)
        self.assertIn("did not come to its end", result.err)
        self.assertFalse(os.path.exists(self.path("x.tar")))


class PlaceOfTheTree(PackedMemoryTest):
    OTHER = "/build/other"

    def two(self, name="env"):
        """What is built for two prefixes, of which one is another tree's."""
        self.tree({"bin/conda-unpack": packed([("bin/tool", PLACEHOLDER, "text"), ("lib/a.so", PLACEHOLDER, "binary")]),
                   "bin/tool": "#!%s/bin/sh\n%s/x %s/y\n" % (PLACEHOLDER, PLACEHOLDER, self.OTHER),
                   "lib/a.so": b"\x7fELF\0" + PLACEHOLDER.encode() + b"/lib\0" + self.OTHER.encode() + b"/lib\0",
                   "share/other": self.OTHER, "lib/link": "-> " + self.OTHER + "/lib/z",
                   "conda-meta/history": ""}, name)

    def expect_two(self, name, place, other="/usr/dep"):
        found = self.contents(name)
        self.assertEqual(found["bin/tool"].decode(), "#!%s/bin/sh\n%s/x %s/y\n" % (place, place, other))
        self.assertEqual(found["share/other"].decode(), other)
        self.assertEqual(found["lib/link"], "-> %s/lib/z" % other)
        self.assertIn(other.encode() + b"/", found["lib/a.so"])
        self.assertNotIn(PLACEHOLDER.encode(), found["lib/a.so"])
        memory = json.loads(found["conda-meta/reseal"])
        self.assertEqual(memory["place"], place)
        self.assertEqual({each["placeholder"]: each["at"] for each in memory["prefixes"]}, {PLACEHOLDER: place, self.OTHER: other})

    def two_packed(self):
        self.two()
        return self.archived("--from", PLACEHOLDER, "--to", NEW, "--from", self.OTHER, "--to", "/usr/dep", "env")

    def forget_place(self, name):
        """As memories were written once."""
        memory = json.loads(self.read(name + "/conda-meta/reseal"))
        del memory["place"]
        self.write(name + "/conda-meta/reseal", json.dumps(memory).encode())

    def test_another_prefix_of_what_was_packed_is_taken_for_the_place_of_the_tree(self):
        archive = self.two_packed()
        self.command("unpack", archive, "d")
        self.expect_two("d", self.path("d"))
        for name, command in (("c", "conda-unpack"), ("r", "relocate")):
            self.tarred(archive, name)
            self.expect_two(name, NEW)
            self.command(command, name)
            self.expect_two(name, self.path(name))
            os.rename(self.path(name), self.path(name + "-again"))
            self.command(command, name + "-again")
            self.expect_two(name + "-again", self.path(name + "-again"))
        self.command("pack", "-q", "--from", self.path("d"), "--to", "/opt/e", "d", "y.tar")
        self.tarred("y.tar", "p")
        self.expect_two("p", "/opt/e")
        self.command("relocate", "-q", "--from", "/usr/dep", "--to", "/usr/new", "--from", "/opt/e", "p")
        self.expect_two("p", self.path("p"), "/usr/new")

    def test_the_place_that_is_asked_for_is_not_that_of_the_tree(self):
        archive = self.two_packed()
        for asked in (["--from", NEW], ["--from", PLACEHOLDER]):
            self.command("unpack", "-q", *asked, "--to", "/usr/q", archive, "d")
            self.expect_two("d", "/usr/q")
            self.command("conda-unpack", "d")
            self.expect_two("d", self.path("d"))
            shutil.rmtree(self.path("d"))
        self.command("unpack", "-q", "--from", "/usr/dep", "--to", "/usr/q", archive, "d")
        self.expect_two("d", self.path("d"), "/usr/q")

    def test_a_move_that_was_killed_forgets_the_place_of_the_tree(self):
        archive = self.two_packed()
        self.tarred(archive, "d")
        memory = json.loads(self.read("d/conda-meta/reseal"))
        memory["place"] = "/between"
        for each in memory["prefixes"]:
            each["pending"] = "/between" if each["at"] == NEW else each["at"]
        self.write("d/conda-meta/reseal", json.dumps(memory).encode())
        self.command("conda-unpack", "d")
        self.expect_two("d", self.path("d"))

    def test_the_tree_lies_below_what_moves_and_stays_behind_later(self):
        """Packed where it is, or as a copy that is where it is to be."""
        def text(outer, place, more=""):
            return "#!%s/sh\n%s/x %s/pkgs\n%s" % (place, place, outer, more)

        base = self.path("M")
        self.tree({"bin/tool": text(base, base + "/envs/e"), "lib/a": PLACEHOLDER, "conda-meta/history": "",
                   "bin/conda-unpack": packed([("bin/tool", PLACEHOLDER, "text"), ("lib/a", PLACEHOLDER, "text")])}, "M/envs/e")
        self.command("pack", "-q", "--from", base, "--to", "/opt/M", "M/envs/e", "x.tar")
        self.tarred("x.tar", "t")
        self.assertEqual(self.contents("t")["bin/tool"].decode(), text("/opt/M", "/opt/M/envs/e"))
        self.assertEqual(self.contents("t")["lib/a"], b"/opt/M/envs/e")
        subprocess.run(["cp", "-a", self.path("M"), self.path("N")], check=True)
        self.command("relocate", "-q", "--from", base, "--to", self.path("N"), "N/envs/e")
        self.assertEqual(self.contents("N/envs/e")["bin/tool"].decode(), text(self.path("N"), self.path("N/envs/e")))
        os.rename(self.path("N/envs/e"), self.path("n"))
        self.command("unpack", "-q", "x.tar", "d")
        # Of a copy nobody knows where it lay, unless a pair in front says so.
        subprocess.run(["cp", "-a", self.path("M/envs/e"), self.path("copy")], check=True)
        self.command("pack", "-q", "--from", base + "/envs/e", "--to", "/opt/M/envs/e", "--from", base, "--to", "/opt/M", "copy", "y.tar")
        self.command("unpack", "-q", "y.tar", "c")
        for name, outer in (("t", "/opt/M"), ("d", "/opt/M"), ("c", "/opt/M"), ("n", self.path("N"))):
            self.command("conda-unpack", "-q", name)
            self.assertEqual(self.contents(name)["bin/tool"].decode(), text(outer, self.path(name)))
            self.assertEqual(self.contents(name)["lib/a"].decode(), self.path(name))

    def test_a_memory_of_old_does_not_say_which_place_is_the_trees(self):
        archive = self.two_packed()

        self.tarred(archive, "d")
        self.forget_place("d")
        before = self.contents("d")
        for command in ("conda-unpack", "relocate"):
            result = self.command(command, "d", status=1)
            self.assertIn("d/conda-meta/reseal: it does not say which is the place of the tree, %s or /usr/dep" % NEW, result.err)
            self.assertEqual(self.contents("d"), before)
        subprocess.run(["tar", "-cf", self.path("old.tar"), "-C", self.path("d"), "."], check=True)
        self.assertIn("it does not say which", self.command("unpack", "old.tar", "u", status=1).err)
        self.assertFalse(os.path.exists(self.path("u")))
        self.command("relocate", "-q", "--from", NEW, "d")
        self.expect_two("d", self.path("d"))

    def test_a_memory_of_old_with_one_place_is_refused(self):
        self.installed()
        archive = self.archived("--from", PLACEHOLDER, "--to", NEW, "env")
        expected = self.directly("c")
        for command in ("conda-unpack", "unpack"):
            self.tarred(archive, "c")
            self.forget_place("c")
            if command == "unpack":
                subprocess.run(["tar", "-cf", self.path("old.tar"), "-C", self.path("c"), "."], check=True)
                shutil.rmtree(self.path("c"))
                self.command("unpack", "old.tar", "c")
            else:
                self.command("conda-unpack", "c")
            self.assertEqual(self.contents("c"), expected)
            shutil.rmtree(self.path("c"))

    def test_what_is_merged_for_another_place_makes_the_tree_forget_its_own(self):
        archive = self.two_packed()
        self.command("unpack", "-q", archive, "d")
        before = self.contents("d")
        self.tree({"bin/b": "#!%s/b\n" % FROM.decode(), "bin/conda-unpack": packed([("bin/b", FROM.decode(), "text")])}, "more")
        self.command("pack", "-q", "--from", FROM.decode(), "--to", "/opt/b", "more", "b.tar")
        self.without("b.tar", "bin/conda-unpack")
        result = self.command("unpack", "--merge", "--prefix", "/opt/b", "b.tar", "d", status=1)
        self.assertIn("what is there is for %s, and this would be for /opt/b" % self.path("d"), result.err)
        self.assertEqual(self.contents("d"), before)
        self.command("unpack", "-q", "--merge", "b.tar", "d")
        self.assertEqual(self.contents("d")["bin/b"].decode(), "#!%s/b\n" % self.path("d"))
        os.rename(self.path("d"), self.path("e"))
        self.command("conda-unpack", "-q", "e")
        self.assertEqual(self.contents("e")["bin/b"].decode(), "#!%s/b\n" % self.path("e"))
        self.assertEqual(self.contents("e")["share/other"], b"/usr/dep")


if __name__ == "__main__":
    unittest.main()
