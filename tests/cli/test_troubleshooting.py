# SPDX-License-Identifier: BSL-1.0
"""docs/troubleshooting.md: what a new user is told to type still gives what is printed there.

After a change of wording RESEAL_WRITE=1 writes the document anew.
"""
import os
import shutil
import subprocess
import unittest

from command import DOCS, RESEAL, TESTDATA, CommandTest

DOCUMENT = os.path.join(DOCS, "troubleshooting.md")
COMMAND, MORE, INDENT = "    $ ", "    > ", "    "


def is_output(lines):
    """An empty line is of the output where that goes on behind it."""
    if lines[0] == "" and len(lines) > 1:
        return is_output(lines[1:2])
    return lines[0].startswith(INDENT) and not lines[0].startswith(COMMAND)


def filled(text, run):
    """The document with what `run` says of each command in place of what stands there."""
    lines = text.split("\n")
    out = []
    while lines:
        out.append(lines.pop(0))
        if not out[-1].startswith(COMMAND):
            continue
        command = [out[-1][len(COMMAND):]]
        while lines and lines[0].startswith(MORE):
            out.append(lines.pop(0))
            command.append(out[-1][len(MORE):])
        while lines and is_output(lines):
            lines.pop(0)
        out += [INDENT + line if line else "" for line in run("\n".join(command)).splitlines()]
    return "\n".join(out)


class Troubleshooting(CommandTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        objcopy = shutil.which("llvm-objcopy-19") or shutil.which("llvm-objcopy")
        if objcopy is None:
            self.skipTest("no llvm-objcopy")
        os.mkdir(self.path(".bin"))
        for name, program in (("reseal", RESEAL), ("llvm-objcopy", objcopy)):
            os.symlink(program, self.path(".bin/" + name))
        os.symlink(TESTDATA, self.path("testdata"))
        self.environment["PATH"] = self.path(".bin") + os.pathsep + os.environ["PATH"]
        self.ran = []

    def run_line(self, command):
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, check=False)
        self.ran.append((command, done.stdout.decode()))
        return self.ran[-1][1]

    def test_every_command_says_what_the_document_says(self):
        with open(DOCUMENT, encoding="utf-8") as file:
            text = file.read()
        now = filled(text, self.run_line)
        self.assertGreater(len(self.ran), 10)
        if os.environ.get("RESEAL_WRITE"):
            with open(DOCUMENT, "w", encoding="utf-8") as file:
                file.write(now)
            return
        self.assertMultiLineEqual(text, now)

    def test_what_mends_is_what_explain_tells(self):
        """The commands that mend stand in the output of those before them."""
        with open(DOCUMENT, encoding="utf-8") as file:
            filled(file.read(), self.run_line)
        mending = [i for i, (command, _) in enumerate(self.ran) if "&& mv " in command or command.startswith("reseal fix ")]
        self.assertGreaterEqual(len(mending), 3)
        for i in mending:
            self.assertIn("    " + self.ran[i][0] + "\n", "".join(output for _, output in self.ran[:i]))


if __name__ == "__main__":
    unittest.main()
