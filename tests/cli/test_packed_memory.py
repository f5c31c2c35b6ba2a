# SPDX-License-Identifier: BSL-1.0
"""What an archive remembers of the tree that was packed: environments that can be moved only once more, or lose their room, when
they went through an archive."""
import json
import os
import shutil
import subprocess
import unittest

from relocation import PLACEHOLDER, Tree, packed

NEW = "/srv/new"


class PackedMemory(Tree):
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


if __name__ == "__main__":
    unittest.main()
