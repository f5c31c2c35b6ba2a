#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""explain: a cause for each broken program, its lines, its JSON, its statuses, and remedies that mend."""
import json
import os
import re
import shutil
import unittest

from command import DOCS, TESTDATA, CommandTest

BROKEN = os.path.join(TESTDATA, "broken")

# Where a program has more than one cause, the one it is named after is the first that is no note.
NOTES = {"hardened-exceptions", "launch-constraint", "modified-in-place", "nothing-found"}
SEEN_ELSEWHERE = {"modified-in-place": "nothing-found",  # by its log
                  "launch-constraint": "platform-binary"}  # a program of Apple's too


def programs():
    """(cause, path in BROKEN) of each broken program."""
    for name in sorted(os.listdir(BROKEN)):
        path = os.path.join(BROKEN, name)
        if name.endswith(".app"):
            yield name[:-len(".app")], os.path.join(name, "Contents", "MacOS", "tool")
        elif os.path.isfile(os.path.join(path, "tool")):
            yield name, os.path.join(name, "tool")
        elif os.path.isfile(path) and "." not in name:
            yield name, name


class Causes(CommandTest):
    def explained(self, *arguments):
        result = self.run_command("explain", "--json", *arguments)
        self.assertEqual(result.err, "")
        return result, [json.loads(line) for line in result.out.splitlines()]

    def test_each_broken_program_is_explained_by_its_cause(self):
        seen = set()
        for cause, path in programs():
            if cause == "stale-resources":
                continue
            result, (told,) = self.explained(os.path.join(BROKEN, path))
            codes = [each["code"] for each in told["causes"]]
            self.assertIn(SEEN_ELSEWHERE.get(cause, cause), codes, path)
            if cause not in NOTES:
                first = next(each for each in told["causes"] if not each["note"])
                self.assertEqual((first["code"], result.status), (cause, 2), path)
            seen.add(cause)
        self.assertGreaterEqual(len(seen), 29)


if __name__ == "__main__":
    unittest.main()
