# SPDX-License-Identifier: BSL-1.0
"""Runs the command from outside, in a folder of the test's own, and says what a shell would see."""
import os
import pty
import shutil
import signal
import subprocess
import tempfile
import unittest

RESEAL = os.environ["RESEAL"]
TESTDATA = os.environ["RESEAL_TESTDATA"]
DOCS = os.environ["RESEAL_DOCS"]

DEADLY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2,
          signal.SIGXCPU)
# What was started under nohup, or by a job that ignores a signal, hands that on to the command, which then leaves it ignored.
for _number in DEADLY:
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)

with open(os.path.join(TESTDATA, "a-to-b.rules"), "rb") as _rules:
    FROM, TO = _rules.read().rstrip(b"\n").split(b"\t")


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr.decode("utf-8", "replace") if process.stderr is not None else None

    def lines(self):
        return self.err.splitlines()


class CommandTest(unittest.TestCase):
    """Every test runs in an empty folder."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="reseal-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {**os.environ, "TMPDIR": self.folder}

    def run_command(self, *arguments, stdin=b"", **more):
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": self.environment, **more}
        if "stdin_from" in more:
            more["stdin"] = more.pop("stdin_from")
        else:
            more["input"] = stdin
        return Result(subprocess.run([RESEAL, *arguments], cwd=self.folder, timeout=60, **more))

    def rewrite(self, *arguments, **more):
        return self.run_command("rewrite", *arguments, **more)

    def start(self, *arguments, **more):
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        process = subprocess.Popen([RESEAL, *arguments], cwd=self.folder, env=self.environment, **more)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def new_terminal(self):
        """Both ends of one: ours, and the one to hand to a command."""
        try:
            return pty.openpty()
        except OSError as error:  # a container without /dev/pts
            self.skipTest(f"no terminal to be had: {error}")

    def shown(self, terminal, process):
        """All that the process, which has to succeed, writes to the terminal; our own copy of its end is closed before."""
        shown = b""
        try:
            while part := os.read(terminal, 65536):
                shown += part
        except OSError:  # how Linux says that nobody has the other end open
            pass
        os.close(terminal)
        self.assertEqual(process.wait(30), 0)
        return shown

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return name

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def names(self):
        return sorted(os.listdir(self.folder))

    @staticmethod
    def fixture(name):
        with open(os.path.join(TESTDATA, name), "rb") as file:
            return file.read()

    @classmethod
    def stale_program(cls):
        """A signed program with a page that a rule touches and whose hash was wrong before."""
        data = bytearray(cls.fixture("a/exe.arm64"))
        data[data.index(FROM) - 1] ^= 1
        return bytes(data)
