# SPDX-License-Identifier: BSL-1.0
"""relocate from outside: trees that come out half moved, files that lose what they had, links that lead to the old place."""
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import tarfile
import time
import unittest

from command import RESEAL
from relocation import PLACEHOLDER, Tree

OLD = "/old/place/of/things"


class Files(Tree):
    def test_a_binary_file_changes_its_length_or_a_text_file_keeps_slashes(self):
        tree = self.tree({
            "bin/tool": b"\x7fELF\0" + OLD.encode() + b"/lib\0rest\0" + OLD.encode() + b"\0",
            "share/x.pc": "prefix=%s\nlibdir=%s/lib\n" % (OLD, OLD),
            "other": b"nothing here",
        })
        before = self.inodes()
        result = self.relocate("--from", OLD, "--to", "/new", tree)
        pad = b"/" * (len(OLD) - 4)
        self.assertEqual(self.contents(), {
            "bin/tool": b"\x7fELF\0/new" + pad + b"/lib\0rest\0/new" + pad + b"\0",
            "share/x.pc": b"prefix=/new\nlibdir=/new/lib\n",
            "other": b"nothing here",
        })
        after = self.inodes()
        self.assertEqual(before["other"], after["other"])
        self.assertNotEqual(before["bin/tool"], after["bin/tool"])
        self.assertIn("4 substitutions in 2 of 3 files", result.err)

    def test_to_is_not_the_folder_when_nothing_is_said(self):
        tree = self.tree({"x": OLD + "/y"})
        self.relocate("--from", OLD, "tree/.//")
        self.assertEqual(self.contents()["x"], tree.encode() + b"/y")
        self.relocate("--from", tree, tree + "/x", status=1)

    def test_a_relative_place_is_written_into_files(self):
        """It counts from the current folder, as PATH does."""
        self.tree({"x": OLD + "/y"})
        self.relocate("--from", OLD, "--to", "new/./place//", "tree")
        self.assertEqual(self.contents()["x"].decode(), self.path("new/place") + "/y")
        self.relocate("--from", self.path("new/place"), "--to", "tree/../up", "tree")
        self.assertEqual(self.contents()["x"].decode(), self.path("up") + "/y")

    def test_a_link_that_is_given_is_replaced_by_a_file(self):
        """It stands for what it leads to, and stays a link; one that leads nowhere is what is meant."""
        self.tree({"in/x": OLD + "/y", "folder": "-> in", "file": "-> in/x", "dangling": "-> %s/z" % OLD})
        self.relocate("--from", OLD, "tree/folder")
        self.assertEqual(self.contents()["in/x"].decode(), self.path("tree/folder/y"))
        self.relocate("--from", self.path("tree/folder"), "--to", OLD, "tree/file")
        self.relocate("--from", OLD, "--to", "/new", "tree/dangling")
        self.assertEqual(self.contents(), {"in/x": OLD.encode() + b"/y", "folder": "-> in", "file": "-> in/x", "dangling": "-> /new/z"})

    def test_the_programs_of_a_tree_tell_whose_scripts_they_are(self):
        """Where no metadata does; the first one counts, whatever this system is."""
        long = "/" + "p" * 200
        line = "#!%s/bin/python\n" % long
        elf = b"\x7fELF\2\1\1\0" + bytes(56)
        for platform, files in (("osx", {"lib/m": self.fixture("a/exe.arm64")}), ("linux", {"lib/e": elf}),
                                ("linux", {"lib/e": elf, "lib/m": self.fixture("a/exe.arm64")})):
            tree = self.tree({"bin/tool": "#!%s/bin/python\n" % OLD, **files})
            result = self.run_command("pack", "--from", OLD, "--to", long, "tree", "tree.tar")
            self.assertEqual(result.status, 0, result.err)
            self.relocate("--from", OLD, "--to", long, "tree")
            moved = self.contents()["bin/tool"].decode()
            self.assertEqual(moved.startswith(line), platform == "osx")
            with tarfile.open(self.path("tree.tar")) as packed:
                self.assertEqual(packed.extractfile("bin/tool").read().decode(), moved)
            shutil.rmtree(tree)

    def test_the_order_of_from_and_to_is_lost(self):
        self.tree({"x": "/aa/1 /bb/1 /aa/bb/1 [/cc]"})
        self.relocate("--from", "/aa", "--to", "/AAAA", "--from=[/cc]", "--to=", "tree", status=1)
        self.relocate("--from", "/aa", "--to", "/AAAA", "--from", "/bb", "--to", "/B", "--from", "/aa/bb", "--to", "/long",
                      "--from=[/cc]", "--to=/[c,d]", "tree")
        self.assertEqual(self.contents()["x"], b"/AAAA/1 /B/1 /long/1 /[c,d]")
        for wrong in (["--to", "/x"], ["--from", "/x", "--to", "/y", "--to", "/z"], []):
            self.relocate(*wrong, "tree", status=1)
        self.relocate("--from", "/x", status=1)

    def test_an_image_is_left_unsealed(self):
        data, prefix = self.program()
        self.tree({"tool": data})
        new = "/short"
        result = self.relocate("--from", prefix, "--to", new, "tree")
        self.assertIn("1 image resealed", result.err)
        self.assertEqual(len(self.contents()["tool"]), len(data))
        self.assertNotIn(prefix.encode(), self.contents()["tool"])
        self.assert_sealed("tree/tool")

    def test_something_is_written_although_one_file_is_refused(self):
        self.tree({"a": OLD + "/text", "b": b"\0" + OLD.encode() + b"\0", "c": b"\0\0" + OLD.encode() + b"\0"})
        before, inodes = self.contents(), self.inodes()
        result = self.relocate("--from", OLD, "--to", OLD + "/longer", "tree", "--report", "r", status=2)
        self.assertEqual((self.contents(), self.inodes()), (before, inodes))
        for name in ("b", "c"):
            self.assertIn("reseal: tree/%s: " % name, result.err)
        self.assertIn("nothing was changed", result.err)
        report = json.loads(self.read("r"))
        self.assertEqual((report["status"], len(report["refused"]), report["files_written"]), ("refused", 2, 0))

    def test_a_dry_run_writes(self):
        self.tree({"a": OLD + "/text", "l": "-> " + OLD + "/x"})
        before, inodes = self.contents(), self.inodes()
        result = self.relocate("--from", OLD, "--to", "/n", "-n", "--report", "-", "tree")
        self.assertEqual((self.contents(), self.inodes()), (before, inodes))
        report = json.loads(result.out)
        self.assertEqual((report["status"], len(report["files"]), len(report["links"])), ("planned", 1, 1))
        self.assertIn("nothing was written", result.err)

    def test_a_file_loses_its_permissions_times_or_owner(self):
        tree = self.tree({"a": OLD, "b": OLD, "same": "x"})
        for name, mode in (("a", 0o555), ("b", 0o600)):
            os.chmod(os.path.join(tree, name), mode)
            os.utime(os.path.join(tree, name), (1, 1_000_000_000.5))
        self.relocate("--from", OLD, "--to", "/n", tree)
        for name, mode in (("a", 0o555), ("b", 0o600)):
            status = os.stat(os.path.join(tree, name))
            self.assertEqual((stat.S_IMODE(status.st_mode), status.st_mtime), (mode, 1_000_000_001.5))
        for mtime, expected in (("source", 1_000_000_001.5), ("@77", 77)):
            self.relocate("--from", "/n", "--to", "/m", "--mtime", mtime, os.path.join(tree, "a"))
            self.relocate("--from", "/m", "--to", "/n", "--mtime", mtime, os.path.join(tree, "a"))
            self.assertEqual(os.stat(os.path.join(tree, "a")).st_mtime, expected)
        self.relocate("--from", "/n", "--to", "/m", "--mtime", "now", os.path.join(tree, "a"))
        self.assertLess(abs(os.stat(os.path.join(tree, "a")).st_mtime - time.time()), 3600)
        self.relocate("--from", "/n", "--mtime", "yesterday", tree, status=1)

    def test_only_lets_in_other_files(self):
        self.tree({"a.txt": OLD, "sub/b.txt": OLD, "sub/c.py": OLD, "d.py": OLD})
        self.relocate("--from", OLD, "--to", "/n", "--only", "*.txt", "--only", "sub/*.py", "tree")
        self.assertEqual(self.contents(), {"a.txt": b"/n", "sub/b.txt": b"/n", "sub/c.py": b"/n", "d.py": OLD.encode()})


class Links(Tree):
    def test_a_link_into_the_tree_is_followed_or_keeps_the_old_place(self):
        self.write("outside", OLD.encode())
        self.tree({"lib/a": OLD, "abs": "-> %s/lib/a" % OLD, "rel": "-> lib/a", "out": "-> %s" % self.path("outside"),
                   "near": "-> %s-2/x" % OLD, "gone": "-> %s" % OLD, "folder": "-> %s/lib" % OLD})
        self.relocate("--from", OLD, "--to", "/n", "tree")
        self.assertEqual(self.contents(), {
            "lib/a": b"/n", "abs": "-> /n/lib/a", "rel": "-> lib/a", "out": "-> " + self.path("outside"),
            "near": "-> %s-2/x" % OLD, "gone": "-> /n", "folder": "-> /n/lib"})
        self.assertEqual(self.read("outside"), OLD.encode())

    def test_hard_links_come_apart_or_the_cache_is_written_through(self):
        tree = self.tree({"a": OLD, "plain": "x"})
        os.mkdir(os.path.join(tree, "sub"))
        os.link(os.path.join(tree, "a"), os.path.join(tree, "sub/b"))
        os.link(os.path.join(tree, "a"), self.path("cache"))
        os.link(os.path.join(tree, "plain"), os.path.join(tree, "plain2"))
        before = self.inodes()
        result = self.relocate("--from", OLD, "--to", "/n", tree)
        self.assertEqual(self.contents(), {"a": b"/n", "sub/b": b"/n", "plain": b"x", "plain2": b"x"})
        after = self.inodes()
        self.assertEqual(after["a"], after["sub/b"])
        self.assertEqual((before["plain"], before["plain2"]), (after["plain"], after["plain2"]))
        self.assertEqual((self.read("cache"), os.stat(self.path("cache")).st_nlink), (OLD.encode(), 1))
        self.assertIn("1 hard link made again", result.err)

    def test_paths_given_twice_nested_or_by_a_link_are_moved_twice(self):
        tree = self.tree({"sub/x": OLD, "y": OLD})
        os.symlink("tree", self.path("link"))
        longer = OLD + OLD  # a second time would show
        self.relocate("--from", OLD, "--to", longer, "tree", "tree/sub", tree, "link", "link/sub/x", "tree/y")
        self.assertEqual(self.contents(), {"sub/x": longer.encode(), "y": longer.encode()})

    def test_a_file_under_a_link_given_as_path_replaces_the_link(self):
        self.tree({"x": OLD, "l": "-> x"})
        self.relocate("--from", OLD, "--to", "/n", "tree/l")
        self.assertEqual(self.contents(), {"x": b"/n", "l": "-> x"})

    def test_a_link_to_the_old_place_that_is_gone_cannot_be_given_as_path(self):
        self.tree({"x": OLD, "l": "-> %s/x" % OLD})
        self.relocate("--from", OLD, "--to", "/n", "tree/x", "tree/l")
        self.assertEqual(self.contents(), {"x": b"/n", "l": "-> /n/x"})

    def test_a_moved_tree_loses_relative_links(self):
        self.tree({"lib/a": OLD, "bin/l": "-> ../lib/a"})
        os.rename(self.path("tree"), self.path("moved"))
        self.relocate("--from", OLD, "moved")
        self.assertEqual(self.contents("moved"), {"lib/a": self.path("moved").encode(), "bin/l": "-> ../lib/a"})


class Trouble(Tree):
    def test_a_program_that_runs_cannot_be_moved(self):
        sleep = shutil.which("sleep")
        with open(sleep, "rb") as file:
            self.tree({"sleeper": file.read() + b"\0" + OLD.encode() + b"\0"})
        path = os.path.join(self.path("tree"), "sleeper")
        os.chmod(path, 0o755)
        running = subprocess.Popen([path, "60"])
        try:
            self.relocate("--from", OLD, "--to", "/n", "tree")
            self.assertIsNone(running.poll())
        finally:
            running.kill()
            running.wait()
        self.assertNotIn(OLD.encode(), self.contents()["sleeper"])
        self.assertEqual(subprocess.run([path, "0"], check=False).returncode, 0)

    def test_read_only_folders_and_files_are_left_out_or_stay_open(self):
        tree = self.tree({"ro/file": OLD})
        os.chmod(os.path.join(tree, "ro/file"), 0o444)
        os.chmod(os.path.join(tree, "ro"), 0o555)
        self.addCleanup(os.chmod, os.path.join(tree, "ro"), 0o755)
        more = {}
        if os.geteuid() == 0:  # whom permissions do not stop; another may have no way to the command itself
            command = shutil.copy(RESEAL, self.path("command"))
            for folder, folders, files in os.walk(self.folder):
                for each in [folder] + [os.path.join(folder, f) for f in files]:
                    os.chown(each, 65534, 65534, follow_symlinks=False)
            more = {"user": 65534, "group": 65534, "extra_groups": [], "executable": command}
            if subprocess.run([RESEAL, "--version"], check=False, capture_output=True, **more).returncode != 0:
                self.skipTest("another user may not run the command")
        self.relocate("--from", OLD, "--to", "/n", "tree", **more)
        self.assertEqual(self.contents(), {"ro/file": b"/n"})
        self.assertEqual(self.permissions(os.path.join(tree, "ro")), 0o555)
        self.assertEqual(self.permissions(os.path.join(tree, "ro/file")), 0o444)

    def test_a_full_disk_leaves_a_cut_file_and_the_next_run_does_not_complete(self):
        text = "x" * 200_000
        self.tree({"%02d" % i: text + OLD for i in range(6)} | {"small": OLD})

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        result = self.relocate("--from", OLD, "--to", "/n", "tree", status=1, preexec_fn=limit)
        self.assertIn("the same command does the rest", result.err)
        for name, data in self.contents().items():
            old = (text if name != "small" else "") + OLD
            self.assertIn(data, (old.encode(), old.replace(OLD, "/n").encode()), name)
        self.relocate("--from", OLD, "--to", "/n", "tree")
        self.assertEqual(set(self.contents().values()), {(text + "/n").encode(), b"/n"})

    def test_a_kill_leaves_half_a_file_or_what_it_began(self):
        count = 120
        old, new = ("%s " % OLD * 3000).encode(), ("/n " * 3000).encode()
        pace = None
        for round_number in range(6):
            tree = self.tree({"%03d" % i: old for i in range(count)}, "tree%d" % round_number)
            started = time.monotonic()
            process = self.start("relocate", "-q", "--jobs", "2", "--from", OLD, "--to", "/n", tree)
            if pace is None:  # how long all of it takes
                process.wait(60)
                pace = time.monotonic() - started
                continue
            time.sleep(pace * round_number / 6)
            process.send_signal(signal.SIGKILL)
            process.wait(60)
            names = set()
            for name, data in self.contents("tree%d" % round_number).items():
                if not name.startswith("."):
                    self.assertIn(data, (old, new))
                    names.add(name)
            self.assertEqual(len(names), count)
            self.relocate("-q", "--from", OLD, "--to", "/n", tree)
            self.assertEqual(set(self.contents("tree%d" % round_number).values()), {new})
            self.assertEqual(len(self.contents("tree%d" % round_number)), count)

    def test_a_signal_leaves_a_temporary_file(self):
        tree = self.tree({"%03d" % i: OLD * 20000 for i in range(60)})
        process = self.start("relocate", "--jobs", "2", "--from", OLD, "--to", "/n", tree)
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        status = process.wait(60)
        self.assertIn(status, (0, -signal.SIGTERM))
        self.assertEqual([name for name in self.contents() if name.startswith(".")], [])

    def test_nothing_at_a_path_goes_unnoticed(self):
        result = self.relocate("--from", OLD, "--to", "/n", "none", status=1)
        self.assertIn("none", result.err)
        self.assertIn("none: cannot open", self.relocate("--verify", "none", status=1).err)

    def test_a_report_that_is_not_written_is_promised(self):
        os.mkdir(self.path("env"))
        self.assertIn("takes no PATH, --from, --remember or --report", self.relocate("--verify", "env", "--report", "r", status=1).err)


class Memory(Tree):
    def files(self, prefix=PLACEHOLDER):
        program, old = self.program()
        return {
            "bin/tool": b"\x7fELF\0" + prefix.encode() + b"/lib:" + prefix.encode() + b"/share\0rest\0",
            "bin/script": "#!%s/bin/python -E\nimport x  # %s\n" % (prefix, prefix),
            "bin/sealed": program,
            "lib/x.pc": "prefix=%s\n" % prefix,
            "lib/link": "-> %s/lib/x.pc" % prefix,
        }, old

    def test_a_second_move_loses_room_or_does_not_come_out_as_if_moved_at_once(self):
        files, old = self.files()
        for pad in ("slash", "nul"):
            name = "tree-" + pad
            self.tree(files, name)
            common = ["--pad", pad, "--remember", name + ".json", name]
            self.relocate("--from", PLACEHOLDER, "--to", "/a", "--from", old, "--to", "/s", *common)
            long = "/much/longer/than/the/first/one" * 4
            # What stands there now says which prefix is meant.
            self.relocate("--from", "/a", "--to", long, "--remember", name + ".json", name)
            self.relocate("--from", "/s", "--to", "/t", "--remember", name + ".json", name)
            self.tree(files, "once-" + pad)
            self.relocate("--pad", pad, "--from", PLACEHOLDER, "--to", long, "--from", old, "--to", "/t", "once-" + pad)
            self.assertEqual(self.contents(name), self.contents("once-" + pad))
            self.assert_sealed(name + "/bin/sealed")
            # And back to where it was built: every byte as it was.
            self.relocate("--from", long, "--to", PLACEHOLDER, "--from", "/t", "--to", old, "--remember", name + ".json", name)
            self.tree(files, "built-" + pad)
            self.assertEqual(self.contents(name), self.contents("built-" + pad))

    def test_a_file_that_somebody_changed_is_moved_by_positions_that_are_wrong(self):
        files, _ = self.files()
        tree = self.tree(files)
        self.relocate("--from", PLACEHOLDER, "--to", "/a/place", "--remember", "m.json", "tree")
        with open(os.path.join(tree, "lib/x.pc"), "ab") as file:
            file.write(b"more=/a/place/x\n")
        result = self.relocate("--from", "/a/place", "--to", "/b", "--remember", "m.json", "tree")
        self.assertIn("lib/x.pc: somebody has changed it", result.err)
        self.assertEqual(self.contents()["lib/x.pc"], b"prefix=/b\nmore=/b/x\n")
        self.assertEqual(self.contents()["lib/link"], "-> /b/lib/x.pc")

    def test_a_file_that_was_not_remembered_is_moved_by_accident(self):
        files, _ = self.files()
        tree = self.tree(files)
        self.relocate("--from", PLACEHOLDER, "--to", "/a/place", "--remember", "m.json", "tree")
        self.tree({"mine": "/a/place"})
        self.relocate("--from", "/a/place", "--to", "/b", "--remember", "m.json", "tree")
        self.assertEqual(self.contents()["mine"], b"/a/place")
        self.relocate("--from", "/b", "--to", "/c", "--from", "/a/place", "--to", "/c", "--unmanaged", "--remember", "m.json", tree)
        self.assertEqual((self.contents()["mine"], self.contents()["lib/x.pc"]), (b"/c", b"prefix=/c\n"))

    def test_a_kill_while_it_moves_again_mixes_two_places(self):
        count = 60
        files = {"%03d" % i: ("%s/x " % PLACEHOLDER * 300).encode() + b"\0" * (i % 2) for i in range(count)}
        for round_number in range(5):
            name = "tree%d" % round_number
            tree = self.tree(files, name)
            self.relocate("-q", "--from", PLACEHOLDER, "--to", "/one", "--remember", name + ".json", name)
            process = self.start("relocate", "-q", "--jobs", "2", "--from", "/one", "--to", "/second", "--remember",
                                 name + ".json", tree)
            time.sleep(0.008 * round_number)
            process.send_signal(signal.SIGKILL)
            process.wait(60)
            # On to a third place: what was killed is carried out first.
            memory = json.loads(self.read(name + ".json"))
            now = memory["prefixes"][0]["at"]
            self.assertIn(now, ("/one", "/second"))
            self.relocate("-q", "--from", now, "--to", "/the/third", "--remember", name + ".json", name)
            once = self.tree(files, name + "-once")
            self.relocate("-q", "--from", PLACEHOLDER, "--to", "/the/third", once)
            self.assertEqual(self.contents(name), self.contents(name + "-once"))
            shutil.rmtree(once)


if __name__ == "__main__":
    unittest.main()
