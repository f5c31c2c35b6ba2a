# SPDX-License-Identifier: BSL-1.0
"""docs/troubleshooting.md, and what README.md has of it: what a new user is told to type still gives what is printed there.

After a change of wording RESEAL_WRITE=1 writes the documents anew.
"""
import os
import re
import shutil
import subprocess
import unittest

from command import DOCS, RESEAL, TESTDATA, CommandTest

DOCUMENT = os.path.join(DOCS, "troubleshooting.md")
README = os.path.join(DOCS, os.pardir, "README.md")
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


def section(text, heading):
    """What stands below a heading, up to the next one of any depth."""
    below = text[text.index("\n" + heading + "\n") + len(heading) + 2:]
    return re.split(r"^(?=##)", below, maxsplit=1, flags=re.MULTILINE)[0]


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
        self.hold(DOCUMENT, text, text)
        self.assertGreater(len(self.ran), 10)

    def test_every_command_of_the_readme_about_signatures(self):
        with open(README, encoding="utf-8") as file:
            text = file.read()
        os.makedirs(self.path("dist/bin"))
        for name, broken in (("dist/bin/tool", "stale-page"), ("dist/bin/old", "stale-alternate"),
                             ("dist/bin/fine", "nothing-found")):
            shutil.copy(os.path.join(TESTDATA, "broken", broken), self.path(name))
        shutil.copytree(os.path.join(TESTDATA, "broken", "stale-resources.app"), self.path("dist/Tool.app"))
        shutil.copy(os.path.join(TESTDATA, "a", "fat"), self.path("universal"))
        for heading in ("## When a program is `Killed: 9`", "### Checking"):
            text = self.hold(README, text, section(text, heading))
        self.assertGreater(len(self.ran), 8)

    def hold(self, document, text, part):
        """`part` of the document's text against what its commands say now; the text as it is then."""
        now = filled(part, self.run_line)
        if not os.environ.get("RESEAL_WRITE"):
            self.assertMultiLineEqual(part, now)
            return text
        text = text.replace(part, now)
        with open(document, "w", encoding="utf-8") as file:
            file.write(text)
        return text

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
