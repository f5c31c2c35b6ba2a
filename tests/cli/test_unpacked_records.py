#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Records that `reseal unpack` writes or lets follow: untrue of the files, they end every later command in the tree."""
import json
import os
import shutil
import subprocess
import unittest

from relocation import packed
from test_unpack_conda import BINARY, PLACEHOLDER, TEXT, Package, digest
from unpacking import UnpackTest, entry, tar

RECORD = "env/conda-meta/demo-1.0-h0_0.json"


class UnpackedRecords(UnpackTest):
    def true(self, dest, record):
        """All digests are those of the disk, and whoever reads them again finds that."""
        for each in json.loads(self.read(dest + "/conda-meta/" + record))["paths_data"]["paths"]:
            if each["path_type"] != "hardlink":
                continue
            self.assertEqual(each["sha256_in_prefix"], digest(self.read(dest + "/" + each["_path"])), each["_path"])
        for command in (("relocate", "--verify", dest), ("conda-unpack", dest), ("relocate", "--verify", dest)):
            result = self.run_command(*command)
            self.assertEqual(result.status, 0, result.err)

    def package(self, **index):
        """Files that change, that do not, and that do not although metadata says so."""
        package = Package(**index).add("bin/tool", TEXT, "text").add("share/small", "plain").add("share/plain", "plain" * 20000)
        return package.add("share/none", "nothing here\n", "text").add("share/bin", b"\0nothing", "binary")

    def test_a_file_that_is_read_again_and_does_not_change_has_an_empty_digest(self):
        package, old = self.package(), self.package()
        old.info = {"paths.json": None, "has_prefix": "%s text bin/tool\n%s text share/none\n" % (PLACEHOLDER, PLACEHOLDER)}
        for kind, each in (("paths.json", package), ("has_prefix", old)):
            for early in (False, True):
                for name in ("demo.tar.bz2", "demo-1.0-h0_0.tar.bz2", "-"):
                    with self.subTest(kind=kind, early=early, name=name):
                        dest = "d-%s-%d-%s" % (kind, early, name[:5])
                        data = each.tar_bz2(early)
                        self.write(name, data)
                        self.done(name, dest, **({"stdin": data} if name == "-" else {}))
                        self.true(dest, "demo-1.0-h0_0.json")

    def test_a_large_script_that_waited_for_the_platform_has_an_empty_digest(self):
        package = self.package(subdir="noarch", noarch="generic")
        package.add("bin/large", "#!/bin/sh\n" + "x" * 3_000_000, "text")
        self.write("demo.conda", package.conda())
        self.done("--max-ratio", "100000", "demo.conda", "d")
        self.true("d", "demo-1.0-h0_0.json")

    def tarred(self, change=None):
        """As it was unpacked here, and packed by tar."""
        package = Package().add("bin/tool", TEXT, "text", 0o755).add("lib/x.so", BINARY, "binary").add("bin/other", TEXT, "text")
        package.link("lib/link", PLACEHOLDER + "/lib/x.so", prefix_placeholder=PLACEHOLDER, file_mode="text")
        self.write("demo.conda", package.conda())
        self.done("demo.conda", "env")
        if change:
            change()
        subprocess.run(["tar", "-cf", self.path("env.tar"), "-C", self.path("env"), "."], check=True)
        shutil.rmtree(self.path("env"))

    def update(self, name, unnamed=False):
        """As a package manager leaves a file that it updates: its record tells the digest. `unnamed`: and no placeholder."""
        with open(self.path("env/" + name), "ab") as file:
            file.write(("# in %s\n" % self.path("env")).encode())
        record = json.loads(self.read(RECORD))
        for each in record["paths_data"]["paths"]:
            if each["_path"] == name:
                each["sha256_in_prefix"] = digest(self.read("env/" + name))
                if unnamed:
                    del each["prefix_placeholder"], each["file_mode"]
        self.write(RECORD, json.dumps(record).encode())

    def test_the_record_of_a_file_that_was_updated_since_it_moved_does_not_follow(self):
        for unnamed in (False, True):
            self.tarred(lambda: self.update("bin/tool", unnamed))
            dest = "updated-%d" % unnamed
            result = self.done("env.tar", dest)
            self.assertIn("bin/tool: somebody has changed it since it was moved", result.err)
            self.assertIn(("# in %s\n" % self.path(dest)).encode(), self.read(dest + "/bin/tool"))
            self.true(dest, "demo-1.0-h0_0.json")

    def test_records_do_not_follow_what_was_asked_for(self):
        """Of files in which metadata names no prefix: those that move as they come, and those that have to wait. What else they say
        stays."""
        note = "see /opt/q\n"
        meta = {"name": "q", "link": {"source": "/opt/q/pkgs"}, "version": "1", "build": "0", "files": ["doc"], "paths_data": {"paths_version": 1, "paths": [
            {"_path": "doc", "path_type": "hardlink", "sha256_in_prefix": digest(note.encode())}]}}
        for number, tool in enumerate((PLACEHOLDER, PLACEHOLDER + ":/opt/q")):
            self.write("env.tar", tar([entry("bin/conda-unpack", packed([("bin/tool", PLACEHOLDER, "text")])), entry("bin/tool", tool),
                                       entry("doc", note), entry("conda-meta/q-1-0.json", json.dumps(meta))]))
            dest = "asked-%d" % number
            self.done("--from", "/opt/q", "--to", "/opt/new", "env.tar", dest)
            self.assertEqual(self.read(dest + "/doc"), b"see /opt/new\n")
            self.true(dest, "q-1-0.json")
            self.assertEqual(json.loads(self.read(dest + "/conda-meta/q-1-0.json"))["link"], meta["link"])

    def test_what_was_packed_goes_elsewhere_by_its_memory_than_by_its_records(self):
        self.tarred()
        for number, old in enumerate((PLACEHOLDER, self.path("env"))):
            dest = "elsewhere-%d" % number
            self.done("--from", old, "--to", "/usr/q", "env.tar", dest)
            self.assertEqual(self.read(dest + "/bin/tool").decode(), TEXT.replace(PLACEHOLDER, "/usr/q"))
            memory = json.loads(self.read(dest + "/conda-meta/reseal"))
            self.assertEqual(memory["prefixes"], [{"placeholder": PLACEHOLDER, "at": "/usr/q"}])
            self.assertEqual(os.readlink(self.path(dest + "/lib/link")), "/usr/q/lib/x.so")
            self.assertEqual(memory["place"], "/usr/q")
            self.true(dest, "demo-1.0-h0_0.json")
            self.assertEqual(self.read(dest + "/bin/tool").decode(), TEXT.replace(PLACEHOLDER, self.path(dest)))
        self.write("more.conda", Package("more").add("bin/more", TEXT, "text").conda())
        for order in (("more.conda", "env.tar"), ("env.tar", "more.conda")):
            self.refused("env.tar: conda-meta/reseal: what it puts to /usr/q, packages beside it put to " + self.dest(), "--from",
                         PLACEHOLDER, "--to", "/usr/q", *order, "dest")

    def test_a_pipe_in_the_place_of_the_memory_is_waited_for(self):
        self.write("demo.conda", self.package().conda())
        self.write("more.conda", Package("more").add("bin/more", TEXT, "text").conda())
        self.done("demo.conda", "d")
        os.unlink(self.path("d/conda-meta/reseal"))
        os.mkfifo(self.path("d/conda-meta/reseal"))
        for command in (("pack", "--from", self.path("d"), "--to", "/opt/q", "d", "x.tar"), ("conda-unpack", "d"), ("relocate", "d"),
                        ("relocate", "--from", "/opt/q", "d"), ("relocate", "--verify", "d"), ("unpack", "--merge", "more.conda", "d")):
            result = self.run_command(*command)
            self.assertEqual(result.status, 1, command)
            self.assertIn("d/conda-meta/reseal: is no regular file", result.err)
        self.assertFalse(os.path.exists(self.path("d/bin/more")))


if __name__ == "__main__":
    unittest.main()
