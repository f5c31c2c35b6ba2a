# SPDX-License-Identifier: BSL-1.0
"""docs/troubleshooting.md: what a new user is told to type still gives what is printed there."""
import os
import shutil
import subprocess
import unittest

from command import DOCS, RESEAL, TESTDATA, CommandTest

COMMAND, MORE, INDENT = "    $ ", "    > ", "    "


def transcript(text):
    """(command, output) of each block of the document, in order."""
    lines = text.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.startswith(COMMAND):
            continue
        command, output = [line[len(COMMAND):]], []
        while lines and lines[0].startswith(MORE):
            command.append(lines.pop(0)[len(MORE):])
        while lines and (lines[0].startswith(INDENT) or is_gap(lines)) and not lines[0].startswith(COMMAND):
            output.append(lines.pop(0)[len(INDENT):])
        yield "\n".join(command), "".join(each + "\n" for each in output)


def is_gap(lines):
    """An empty line of an output, not the one behind it."""
    return lines[0] == "" and len(lines) > 1 and lines[1].startswith(INDENT) and not lines[1].startswith(COMMAND)


class Troubleshooting(CommandTest):
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

    def test_every_command_says_what_the_document_says(self):
        with open(os.path.join(DOCS, "troubleshooting.md"), encoding="utf-8") as file:
            commands = list(transcript(file.read()))
        self.assertGreater(len(commands), 10)
        for command, output in commands:
            done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=60, check=False)
            self.assertEqual(done.stdout.decode(), output, command)

    def test_each_remedy_is_one_that_explain_tells(self):
        """The commands that mend stand in the output before them."""
        with open(os.path.join(DOCS, "troubleshooting.md"), encoding="utf-8") as file:
            commands = list(transcript(file.read()))
        mending = [i for i, (command, _) in enumerate(commands) if "&& mv " in command]
        self.assertGreaterEqual(len(mending), 3)
        for i in mending:
            told = "".join(output for _, output in commands[:i])
            self.assertIn("    " + commands[i][0] + "\n", told)


if __name__ == "__main__":
    unittest.main()
