#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Records that `reseal unpack` writes or lets follow: untrue of the files, they end every later command in the tree."""
import json
import unittest

from test_unpack_conda import PLACEHOLDER, TEXT, Package, digest
from unpacking import UnpackTest


class UnpackedRecords(UnpackTest):
    def true(self, dest, record):
        """All digests are those of the disk, and whoever reads them again finds that."""
        for each in json.loads(self.read(dest + "/conda-meta/" + record))["paths_data"]["paths"]:
            self.assertEqual(each["sha256_in_prefix"], digest(self.read(dest + "/" + each["_path"])), each["_path"])
        for command in (("relocate", "--verify", dest), ("conda-unpack", dest)):
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


if __name__ == "__main__":
    unittest.main()
