#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What a move writes down for the next one: key by key, against its schema, and what becomes of one that somebody changed."""
import copy
import json
import os
import shutil
import unittest

from command import DOCS
from relocation import Tree, packed

try:
    import jsonschema
except ImportError:
    jsonschema = None

FILES = {
    "bin/tool": "#!/old/prefix/bin/sh\necho /old/prefix /old/prefix/share\n",
    "lib/a.bin": b"\0/old/prefix/lib\0:/old/prefix:/old/prefix/x\0/old/prefix",
    "lib/link": "-> /old/prefix/lib/a.bin",
    "share/plain": "nothing\n",
}


class RememberTest(Tree):
    def remembered(self):
        tree = self.tree(FILES)
        self.relocate("-q", "--from", "/old/prefix", "--to", "/new", "--remember", "memory", tree)
        text = self.read("memory")
        self.assertTrue(text.endswith(b"}\n"))
        return json.loads(text)


class Shape(RememberTest):
    def test_positions_are_not_those_of_the_file_as_it_was_built(self):
        memory = self.remembered()
        now = self.contents()
        self.assertEqual(memory["version"], 1)
        self.assertEqual(memory["prefixes"], [{"placeholder": "/old/prefix", "at": "/new"}])
        self.assertEqual(memory["links"], [{"path": "lib/link", "target": "/old/prefix/lib/a.bin"}])
        tool, library = memory["files"]
        built = FILES["bin/tool"]
        offsets = [at for at in range(len(built)) if built.startswith("/old/prefix", at)]
        self.assertEqual((tool["path"], tool["mode"]), ("bin/tool", "text"))
        self.assertEqual(tool["shebang"], "#!/old/prefix/bin/sh\n")
        self.assertEqual(tool["offsets"], [{"encoding": "utf-8", "ranges": offsets[1:]}])
        self.assertEqual((tool["size"], tool["sha256"]), (len(now["bin/tool"]), self.sha256(now["bin/tool"])))
        built = FILES["lib/a.bin"]
        offsets = [at for at in range(len(built)) if built.startswith(b"/old/prefix", at)]
        ends = [built.index(b"\0", offsets[0]), built.index(b"\0", offsets[1]), len(built)]
        self.assertEqual((library["path"], library["mode"], library["pad"]), ("lib/a.bin", "binary", "slash"))
        self.assertEqual(library["offsets"], [{"encoding": "utf-8", "ranges": [
            [offsets[0], ends[0]], [offsets[1], offsets[2], ends[1]], [offsets[3], ends[2]]]}])
        self.assertEqual((library["size"], library["sha256"]), (len(built), self.sha256(now["lib/a.bin"])))

    def test_the_same_move_writes_another_file(self):
        self.remembered()
        first = self.read("memory")
        os.remove(self.path("memory"))
        again = self.tree(FILES, "again")
        self.relocate("-q", "--from", "/old/prefix", "--to", "/new", "--remember", "memory", again)
        self.assertEqual(self.read("memory"), first)


class Next(RememberTest):
    def test_a_prefix_that_stands_in_first_lines_only_is_forgotten(self):
        tree = self.tree({"bin/tool": "#!/old/prefix/bin/sh\n"})
        self.relocate("-q", "--from", "/old/prefix", "--to", "/new", "--remember", "memory", tree)
        self.relocate("-q", "--from", "/new", "--to", "/newer", "--remember", "memory", tree)
        self.assertEqual(self.contents()["bin/tool"], b"#!/newer/bin/sh\n")


class Changed(RememberTest):
    def refused(self, memory, *words):
        self.write("memory", json.dumps(memory).encode())
        before = self.contents()
        result = self.relocate("--from", "/new", "--to", "/newer", "--remember", "memory", "tree", status=1)
        for word in ("memory: ",) + words:
            self.assertIn(word, result.err)
        self.assertEqual(self.contents(), before)

    def test_a_memory_that_means_nothing_is_half_believed(self):
        memory = self.remembered()

        def change(*way, value):
            changed = copy.deepcopy(memory)
            place = changed
            for key in way[:-1]:
                place = place[key]
            place[way[-1]] = value
            return changed

        self.refused(change("version", value=2), "version: 1 is the only one there is")
        self.refused(change("files", 0, "path", value="../tool"), "files[0].path: ", "leads out of the prefix")
        self.refused(change("files", 0, "mode", value="exe"), "files[0].mode: 'exe' is none of text, binary")
        self.refused(change("files", 1, "offsets", 0, "ranges", value=[[9, 1]]), "files[1].offsets: do not hold together")
        self.refused(change("files", 1, "size", value=-1), "files[1].size: ")
        self.refused(change("files", 1, "path", value="bin/tool"), "the path 'bin/tool' is there twice")
        self.refused(change("prefixes", 0, "at", value=""), "prefixes[0].at: ")
        self.refused(change("place", value="/a\0b"), "place: ")
        self.refused(change("more", value=1), "there is no field 'more' here")


class Within(RememberTest):
    def test_a_remembered_prefix_within_another_stays_behind(self):
        self.tree(FILES)
        self.relocate("-q", "--from", "/old/prefix", "--to", "/new", "--from", "/old/prefix/lib", "--to", "/new/l", "--remember",
                      "memory", "tree")
        self.relocate("-q", "--from", "/new", "--to", "/n", "--remember", "memory", "tree")
        found = self.contents()
        self.assertEqual(found["lib/link"], "-> /n/l/a.bin")
        self.assertNotIn("/new", str(found))
        self.relocate("-q", "--from", "/n", "--to", "/old/prefix", "--from", "/n/l", "--to", "/old/prefix/lib", "--remember",
                      "memory", "tree")
        back = self.contents()
        shutil.rmtree(self.path("tree"))
        self.tree(FILES)
        self.assertEqual(back, self.contents())


class Killed(RememberTest):
    def test_a_file_that_a_killed_run_had_done_is_not_known_again_later(self):
        memory = self.remembered()
        done = self.contents()
        for name in ("bin/tool", "lib/a.bin"):
            # What the run writes first, and one of the files.
            killed = copy.deepcopy(memory)
            killed["prefixes"] = [{"placeholder": "/old/prefix", "at": "/old/prefix", "pending": "/new"}]
            for file in killed["files"]:
                file["sha256"], file["size"] = self.sha256(self.bytes_of(file["path"])), len(self.bytes_of(file["path"]))
            shutil.rmtree(self.path("tree"))
            self.tree({**FILES, name: done[name]})
            self.write("memory", json.dumps(killed).encode())
            for target in ("/new", "/long/new"):
                self.relocate("-q", "--from", "/old/prefix", "--to", target, "--remember", "memory", "tree")
                for file in json.loads(self.read("memory"))["files"]:
                    data = self.contents()[file["path"]]
                    self.assertEqual((file["size"], file["sha256"]), (len(data), self.sha256(data)), file["path"])
            shutil.rmtree(self.path("tree"))
            self.tree(FILES)
            self.relocate("-q", "--from", "/old/prefix", "--to", "/long/new", self.path("tree"))
            straight = self.contents()
            self.write("memory", json.dumps(killed).encode())
            shutil.rmtree(self.path("tree"))
            self.tree({**FILES, name: done[name]})
            self.relocate("-q", "--from", "/old/prefix", "--to", "/long/new", "--remember", "memory", "tree")
            self.assertEqual(self.contents(), straight)

    @staticmethod
    def bytes_of(name):
        return FILES[name] if isinstance(FILES[name], bytes) else FILES[name].encode()


class Parts(RememberTest):
    def test_files_that_only_left_out_are_remembered_where_they_are_not(self):
        result = self.relocate("--from", "/old/prefix", "--to", "/new", "--remember", "memory", "--only", "*.bin", self.tree(FILES),
                               status=1)
        self.assertIn("--remember: ", result.err)
        shutil.rmtree(self.path("tree"))
        self.remembered()
        os.mkdir(self.path("tree/conda-meta"))
        os.rename(self.path("memory"), self.path("tree/conda-meta/reseal"))
        before = self.contents()
        result = self.relocate("--from", "/new", "--to", "/newer", "--only", "*.bin", "tree", status=1)
        self.assertIn("tree/bin/tool: --only leaves it out", result.err)
        self.assertEqual(self.contents(), before)
        result = self.relocate("--from", "/new", "--to", "/newer", "--only", "tool", "--only", "*.bin", "tree", status=1)
        self.assertIn("tree/lib/link: --only leaves it out", result.err)
        self.relocate("--from", "/new", "--to", "/newer", "--only", "*", "tree")
        self.assertNotIn(b"/new/", b"".join(str(each).encode() for each in self.contents().values()))


class Reports(RememberTest):
    def test_a_report_that_cannot_be_written_is_noticed_when_everything_is_done(self):
        self.tree({**FILES, "bin/conda-unpack": packed([("bin/tool", "/old/prefix", "text")])})
        before, pair = self.contents(), ("--from", "/old/prefix", "--to", "/new")
        self.assertEqual(self.run_command("pack", *pair, "tree", "before.tar").status, 0)
        there = sorted(os.listdir(self.folder))
        for words in (("relocate", *pair, "tree"), ("conda-unpack", "tree"), ("pack", *pair, "tree", "x.tar"),
                      ("unpack", *pair, "before.tar", "dest")):
            with self.subTest(words[0]):
                result = self.run_command(*words, "--report", "none/report")
                self.assertEqual((result.status, result.err), (
                    1, "reseal: none/report: cannot create: No such file or directory\n"))
                self.assertEqual((self.contents(), sorted(os.listdir(self.folder))), (before, there))
        result = self.run_command("unpack", *pair, "before.tar", "dest", "--report", "./dest/report")
        self.assertEqual(result.status, 1)
        self.assertIn("./dest/report: lies in DEST", result.err)
        self.assertEqual(sorted(os.listdir(self.folder)), there)
        for words in (("relocate", *pair, "tree"), ("unpack", *pair, "--merge", "before.tar", "tree2")):
            os.makedirs(self.path("tree2"), exist_ok=True)
            result = self.run_command(*words, "--report", words[-1] + "/report")
            self.assertEqual(result.status, 0, result.err)
            self.assertEqual(json.loads(self.read(words[-1] + "/report"))["status"], "complete")

    def test_a_report_takes_the_place_of_what_is_read_or_made(self):
        """By whatever name, and before anything is done."""
        self.tree({**FILES, "bin/conda-unpack": packed([("bin/tool", "/old/prefix", "text")]), "conda-meta/history": ""})
        pair = ("--from", "/old/prefix", "--to", "/new")
        self.assertEqual(self.run_command("pack", *pair, "tree", "a.tar").status, 0)
        self.assertEqual(self.run_command("conda-unpack", "tree").status, 0)
        self.write("tab", b"{}")
        self.write("one", b"/old/prefix")
        os.symlink("a.tar", self.path("link"))
        os.symlink("tree", self.path("tree-link"))
        os.makedirs(self.path("env/conda-meta"))
        before = self.everything()
        same, lies = "--report: the same file as ", " lies in "
        for why, report, words in (
                (same + "ARCHIVE", "./a.tar", ("unpack", *pair, "a.tar", "dest")),
                (same + "ARCHIVE", "link", ("unpack", *pair, "-n", "a.tar", "dest")),
                (same + "--tab", "tab", ("unpack", *pair, "--tab", "./tab", "a.tar", "dest")),
                (same + "DEST", "dest", ("unpack", *pair, "a.tar", "dest/")),
                (same + "env/conda-meta/reseal", "env/./conda-meta/reseal", ("unpack", *pair, "--merge", "a.tar", "env")),
                (lies, "env/conda-meta/x.json", ("unpack", *pair, "--merge", "a.tar", "env")),
                ("lies in DEST", "env/../env/report", ("unpack", *pair, "a.tar", "env")),
                (same + "ARCHIVE", "./b.tar", ("pack", *pair, "tree", "b.tar")),
                (lies + "what is to be packed", "tree-link/bin/report", ("pack", *pair, "tree", "b.tar")),
                (same + "tree/conda-meta/reseal", "tree-link/conda-meta/reseal", ("conda-unpack", "tree")),
                (same + "tree/bin/conda-unpack", "tree/bin/conda-unpack", ("conda-unpack", "tree")),
                (lies, "tree/conda-meta/history", ("conda-unpack", "tree")),
                (same + "memory", "./memory", ("relocate", *pair, "--remember", "memory", "tree")),
                (same + "tree/conda-meta/reseal", "tree-link/conda-meta/reseal", ("relocate", *pair, "tree")),
                (same + "one", "./one", ("relocate", *pair, "one"))):
            with self.subTest(" ".join((*words, report))):
                result = self.run_command(*words, "--report", report)
                self.assertEqual(result.status, 1)
                self.assertIn(why, result.err)
                self.assertEqual(self.everything(), before)
        for file in ("one", "tree/lib/a.bin", "a.tar"):
            result = self.run_command("relocate", *pair, "--remember", file, "tree")
            self.assertEqual((result.status, self.everything()), (1, before), result.err)

    def everything(self):
        out = {}
        for base, folders, files in os.walk(self.folder):
            for name in folders + files:
                path = os.path.join(base, name)
                out[path] = os.path.islink(path) or os.path.isdir(path) or self.read(path)
        return out


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Schema(RememberTest):
    def test_the_schema_describes_something_else(self):
        with open(os.path.join(DOCS, "relocation.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        memory = self.remembered()
        validator.validate(memory)
        memory["prefixes"][0]["pending"] = "/newer"
        memory["files"][1]["pending_sha256"] = 64 * "0"
        memory["files"][1]["offsets"][0].update(prefix=0, command=True)
        memory["platform"] = "osx"
        validator.validate(memory)
        for key in memory:
            changed = {other: value for other, value in memory.items() if other != key}
            with self.subTest(missing=key):
                if key in ("platform", "place"):
                    validator.validate(changed)
                else:
                    self.assertRaises(jsonschema.ValidationError, validator.validate, changed)
        for change in ({"version": 2}, {"files": {}}, {"links": [{"path": "x"}]}, {"platform": "win"}, {"place": 1}, {"x": 1}):
            with self.subTest(change=change), self.assertRaises(jsonschema.ValidationError):
                validator.validate(memory | change)


if __name__ == "__main__":
    unittest.main()
