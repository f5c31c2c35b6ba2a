# SPDX-License-Identifier: BSL-1.0
"""The broken programs of testdata/broken: the recipe still makes what is committed, and what explain says of them."""
import os
import sys
import unittest

from command import RESEAL, TESTDATA, CommandTest

BROKEN = os.path.join(TESTDATA, "broken")
sys.path.insert(0, BROKEN)
import make  # noqa: E402: found by the line above

BESIDE = {"README.md", "expected.txt", "make.py", "made_once.py", "program.py", "signature.py", "bundle.py",
          "modified-in-place.log", "quarantine.log", "stale-page.ips", "stale-page.log"}


def committed():
    for base, folders, names in os.walk(BROKEN):
        folders[:] = [name for name in folders if name not in ("made-once", "__pycache__")]
        for name in names:
            yield os.path.relpath(os.path.join(base, name), BROKEN)


# What the kernel objects to by itself; of the others somebody else is the judge, or nothing in the file tells.
KERNEL = {"bad-range", "bad-structure", "beyond-signature", "padded-last-page", "page-count", "page-size", "stale-constraint",
          "stale-entitlements", "stale-page", "truncated", "unsigned"}

# Who else objects to these is codesign, and Gatekeeper with it.
CODESIGN = {"stale-alternate", "stale-info-plist.app", "stale-requirements", "stale-resources.app", "unbound-cms"}


class Broken(CommandTest):
    def test_the_recipe_makes_the_same_bytes(self):
        made = make.everything()
        self.assertEqual(set(committed()) - BESIDE, set(made), "files that the recipe makes, and those that are there")
        for path, data in made.items():
            self.assertEqual(self.fixture(os.path.join("broken", path)), data, path)

    def test_none_is_large(self):
        for path, data in make.everything().items():
            self.assertLessEqual(len(data), 34 << 10, path)

    def test_a_certificate_still_signs_what_it_signed(self):
        """Where a program changes, its CMS signature has to be made anew: then only unbound-cms may be unbound."""
        for path in ("adhoc-with-cms", "profile-mismatch.app/Contents/MacOS/tool", "profile-expired.app/Contents/MacOS/tool"):
            result = self.run_command("verify", os.path.join(BROKEN, path))
            self.assertIn(b"  valid  ", result.out, path)
        result = self.run_command("verify", os.path.join(BROKEN, "unbound-cms"))
        self.assertIn(b"  unbound  ", result.out)

    def test_who_objects_to_which_of_them(self):
        with open(os.path.join(BROKEN, "expected.txt"), encoding="utf-8") as file:
            said_to_run = {line.split(":")[0].split("/")[0] for line in file if "the kernel runs it" in line}
        for name in make.names():
            for level, bad in (("kernel", KERNEL), ("codesign", KERNEL | CODESIGN)):
                result = self.run_command("verify", "--level", level, os.path.join(BROKEN, name))
                self.assertEqual(result.status, 2 if name in bad else 0, (name, level))
        self.assertEqual(said_to_run & KERNEL, set())
        self.assertGreaterEqual(len(said_to_run), 4)

    def test_the_first_line_of_each(self):
        """To be read by somebody who knows nothing of signatures; `make.py --expect` writes them down."""
        with open(os.path.join(BROKEN, "expected.txt"), encoding="utf-8") as file:
            self.assertEqual(list(make.first_lines(RESEAL)), file.readlines())


if __name__ == "__main__":
    unittest.main()
