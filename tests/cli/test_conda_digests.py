# SPDX-License-Identifier: BSL-1.0
"""Digests that package managers have of installed files: `conda doctor` calls a file altered that only moved, or one untouched that
somebody altered."""
import json
import os
import unittest

from relocation import PLACEHOLDER, Tree, packed


class Digests(Tree):
    maxDiff = None
    """conda-meta/*.json as conda and rattler write it, told of files by conda-pack's contents: what the packages were built with."""
    TOOL = "#!%s/bin/sh\n%s\n" % (PLACEHOLDER, PLACEHOLDER)
    LIBRARY = b"\x7fELF\0" + PLACEHOLDER.encode() + b"/lib\0"

    def made(self, then="/where/it/was/made"):
        """An environment; and its records, with %(NAME)s for what has to follow."""
        tool, library, fixed = self.TOOL, self.LIBRARY, "fixed"
        old = {"tool": tool.replace(PLACEHOLDER, then), "library": library.replace(PLACEHOLDER.encode(), then.encode()),
               "command": "#!%s/bin/python\n" % then}
        installed = {name: self.sha256(data if isinstance(data, bytes) else data.encode()) for name, data in old.items()}

        def entry(path, kind="hardlink", **more):
            return {"_path": path, "path_type": kind, **more}

        def prefixed(path, data, mode, **more):
            data = data if isinstance(data, bytes) else data.encode()
            return entry(path, file_mode=mode, prefix_placeholder=PLACEHOLDER, sha256=self.sha256(data), size_in_bytes=len(data), **more)

        conda = {"name": "a", "version": "1", "build": "0", "files": ["\u00e9"], "paths_data": {"paths_version": 1, "paths": [
            prefixed("bin/tool", tool, "text", sha256_in_prefix="%(bin/tool)s"),
            prefixed("lib/a.so", library, "binary", sha256_in_prefix="%(lib/a.so)s"),
            entry("lib/b.so", "softlink", sha256=self.sha256(library), sha256_in_prefix="%(lib/a.so)s"),
            entry("lib/c.so", "softlink", sha256_in_prefix="%(lib/c.so)s"),
            entry("lib/folder", "directory"),
            entry("share/fixed", sha256=self.sha256(fixed.encode()), sha256_in_prefix=self.sha256(fixed.encode())),
            prefixed("share/altered", "another", "text", sha256_in_prefix="1" * 64)]}}
        rattler = {"paths_data": {"paths": [
            {**prefixed("bin/\u00e9 tool", tool, "text", sha256_in_prefix="%(bin/\u00e9 tool)s"), "size_in_bytes": "%(size)s"},
            entry("share/legacy", file_mode="text", prefix_placeholder=PLACEHOLDER, sha256_in_prefix="%(share/legacy)s"),
            entry("bin/command", "unix_python_entry_point", sha256="%(bin/command)s", size_in_bytes="%(command size)s")],
            "paths_version": 1}, "name": "b", "version": "1", "build": "0"}
        texts = {"conda-meta/a-1-0.json": json.dumps(conda, indent=2, sort_keys=True, separators=(",", ": ")),
                 "conda-meta/b-1-0.json": json.dumps(rattler, ensure_ascii=False).replace('"%(size)s"', "%(size)s").replace(
                     '"%(command size)s"', "%(command size)s")}
        texts["conda-meta/a-1-0.json"] = texts["conda-meta/a-1-0.json"].replace('"path_type": "directory"', '"path_type" :\t"directory"')
        values = {"bin/tool": installed["tool"], "bin/\u00e9 tool": installed["tool"], "lib/a.so": installed["library"],
                  "lib/c.so": self.sha256((PLACEHOLDER + "/lib/a.so").encode()), "share/legacy": "2" * 64,
                  "size": len(old["tool"]), "bin/command": installed["command"], "command size": len(old["command"])}
        self.texts = texts
        tree = self.tree({
            "bin/conda-unpack": packed([(path, PLACEHOLDER, "text") for path in ("bin/tool", "bin/\u00e9 tool", "share/legacy", "share/altered")]
                                       + [("bin/command", then, "text"), ("lib/a.so", PLACEHOLDER, "binary")]),
            "bin/tool": tool, "bin/\u00e9 tool": tool, "lib/a.so": library, "share/legacy": PLACEHOLDER, "share/fixed": fixed,
            "lib/b.so": "-> a.so", "lib/c.so": "-> %s/lib/a.so" % PLACEHOLDER, "share/altered": "altered in " + PLACEHOLDER,
            "bin/command": old["command"], "conda-meta/history": "", **{name: text % values for name, text in self.texts.items()}}, "env")
        return tree

    def unpack(self, *arguments, status=0):
        result = self.run_command("conda-unpack", *arguments)
        self.assertEqual(result.status, status, result.err)
        return result

    def followed(self, name):
        """Digests are those of the disk, and nothing else differs from what was written."""
        found = self.contents(name)
        values = {path: self.sha256(data[3:].encode() if isinstance(data, str) else data) for path, data in found.items()}
        values.update({"size": len(found["bin/\u00e9 tool"]), "command size": len(found["bin/command"])})
        for path, text in self.texts.items():
            self.assertEqual(found[path].decode(), text % values, path)
        self.assertIn(self.path(name).encode(), found["share/altered"])
        result = self.run_command("relocate", "--verify", name)
        self.assertEqual((result.status, result.err), (2, "".join("reseal: " + line + "\n" for line in (
            name + "/share/altered: is not what its metadata says", "7 files compared, 1 differ"))))

    def test_a_moved_file_is_taken_for_an_altered_one_or_an_altered_one_for_ours(self):
        os.link(os.path.join(self.made(), "conda-meta/b-1-0.json"), self.path("outside"))
        before = self.read("outside")
        self.unpack("-q", "env")
        self.followed("env")
        self.assertEqual(self.read("outside"), before)
        for name in ("a-much-longer-name-than-that", "e"):
            os.rename(self.path("env"), self.path(name))
            self.unpack("-q", name)
            self.followed(name)
            os.rename(self.path(name), self.path("env"))
            self.relocate("-q", "env")
            self.followed("env")
        inodes = self.inodes("env")
        self.unpack("env")
        self.assertEqual(self.inodes("env"), inodes)

    def test_relocate_in_an_environment_leaves_its_metadata_behind_or_patches_it(self):
        prefix = self.made()
        self.relocate("-q", "--from", PLACEHOLDER, "--from", "/where/it/was/made", "env")
        self.followed("env")
        self.assertTrue(os.path.exists(os.path.join(prefix, "conda-meta/reseal")))
        os.rename(prefix, self.path("elsewhere"))
        self.relocate("-q", "elsewhere")
        self.followed("elsewhere")

    def test_a_kill_before_the_digests_were_written_leaves_them_behind(self):
        prefix = self.made()
        before = self.contents("env")
        self.unpack("-q", "env")
        after, memory = self.contents("env"), json.loads(self.read("env/conda-meta/reseal"))
        for move in ("env", "there"):
            for undone in ({"conda-meta/a-1-0.json", "conda-meta/b-1-0.json"}, {"conda-meta/b-1-0.json"}, {"bin/tool", "conda-meta/b-1-0.json"}):
                for path in undone:
                    with open(os.path.join(prefix, path), "wb") as file:
                        file.write(before[path])
                pending = json.loads(json.dumps(memory))
                for each in pending["prefixes"]:
                    each.update(at=each["placeholder"], pending=each["at"])
                for each in pending["files"]:
                    data = before[each["path"]]
                    each.update(sha256=self.sha256(data), size=len(data))
                self.write("env/conda-meta/reseal", json.dumps(pending).encode())
                os.rename(prefix, self.path(move))
                self.unpack("-q", move)
                self.followed(move)
                os.rename(self.path(move), prefix)
                self.unpack("-q", "env")
                self.followed("env")
                self.assertEqual(self.contents("env"), after)

    def test_a_record_that_is_none_is_met_when_files_are_changed_already(self):
        self.made()
        self.write("env/conda-meta/c-1-0.json", b'{"name": "c", "version": "1", "paths_data": {"paths": [{"_path": "../x"}]}}')
        before = self.contents("env")
        for command in (("conda-unpack", "env"), ("relocate", "--from", PLACEHOLDER, "env")):
            result = self.run_command(*command)
            self.assertEqual(result.status, 1)
            self.assertIn("env/conda-meta/c-1-0.json: ", result.err)
            self.assertEqual(self.contents("env"), before)


if __name__ == "__main__":
    unittest.main()
