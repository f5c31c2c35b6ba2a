#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A signal leaves nothing behind, and a shell sees it."""
import os
import signal
import subprocess
import time
import unittest

from command import DEADLY, CommandTest


class Signals(CommandTest):
    def wait_for(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it never came to that")
            time.sleep(0.01)

    def reading(self, *arguments, **more):
        """The command, at work on a FIFO that does not end, with its temporary files there."""
        os.mkfifo(self.path("in"))
        process = self.start("rewrite", "-r", "a", "b", *arguments, "in", **more)
        writer = open(self.path("in"), "wb", buffering=0)
        self.addCleanup(writer.close)
        writer.write(b"x" * 65536)
        wanted = arguments.count("-o") + arguments.count("--report")
        self.wait_for(lambda: len([n for n in self.names() if n.startswith(".reseal-")]) == wanted)
        return process, writer

    def test_nothing_is_left_behind(self):
        for number in DEADLY:
            with self.subTest(signal=number.name):
                process, writer = self.reading("-o", "out", "--report", "report")
                process.send_signal(number)
                self.assertEqual(process.wait(30), -number)
                self.assertEqual(self.names(), ["in"])
                writer.close()
                os.unlink(self.path("in"))

    def test_an_old_output_stays(self):
        self.write("out", b"as it was")
        process, _ = self.reading("-o", "out")
        process.terminate()
        self.assertEqual(process.wait(30), -signal.SIGTERM)
        self.assertEqual((self.names(), self.read("out")), (["in", "out"], b"as it was"))

    def test_a_shell_sees_a_failure(self):
        os.mkfifo(self.path("in"))
        import subprocess
        shell = subprocess.Popen(["sh", "-c", '"$0" rewrite -r a b -o out in & echo $!; wait $!; echo $?', os.environ["RESEAL"]],
                                 cwd=self.folder, stdout=subprocess.PIPE)
        self.addCleanup(self.end, shell)
        child = int(shell.stdout.readline())
        with open(self.path("in"), "wb", buffering=0) as writer:
            writer.write(b"x")
            self.wait_for(lambda: len(self.names()) == 2)
            os.kill(child, signal.SIGTERM)
            self.assertEqual(int(shell.stdout.readline()), 128 + signal.SIGTERM)
        self.assertEqual(self.names(), ["in"])

    def test_an_ignored_signal_stays_ignored(self):
        process, writer = self.reading("-o", "out", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        writer.write(b"a")
        writer.close()
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(self.read("out"), b"x" * 65536 + b"b")

    def test_a_spooled_input_has_no_name_to_leave(self):
        process = self.start("verify", "-", stdin=subprocess.PIPE, bufsize=0)
        with process.stdin as writer:
            left = memoryview(b"\xcf\xfa\xed\xfe".ljust(5 << 20, b"x"))  # a program, of more than is kept in memory
            while left:
                left = left[writer.write(left):]
            self.wait_for(lambda: self.spooled(process.pid))
            self.assertEqual(self.names(), [])
            process.kill()  # not even SIGKILL leaves it
            process.wait(30)
        self.assertEqual(self.names(), [])

    @staticmethod
    def spooled(pid):
        """Whether the process has its nameless file open."""
        folder = f"/proc/{pid}/fd"
        for fd in os.listdir(folder):
            try:
                link = os.readlink(os.path.join(folder, fd))
            except FileNotFoundError:  # closed meanwhile
                continue
            if ".reseal-" in link and link.endswith(" (deleted)"):
                return True
        return False


if not os.path.isdir("/proc/self/fd"):
    Signals.test_a_spooled_input_has_no_name_to_leave = unittest.skip("needs /proc")(Signals.test_a_spooled_input_has_no_name_to_leave)

if __name__ == "__main__":
    unittest.main()
