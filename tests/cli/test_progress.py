#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Progress: on a terminal, for inputs that take over a second, and nowhere else."""
import os
import subprocess
import time
import unittest

from command import CommandTest


class Progress(CommandTest):
    def test_a_short_input(self):
        for _ in range(10):
            begin = time.monotonic()
            shown = self.on_a_terminal(seconds=0)
            if time.monotonic() - begin < 1:
                self.assertEqual(shown, b"reseal: no match\r\n")
                return
        self.skipTest("this machine is too busy to do anything within a second")

    def on_a_terminal(self, *arguments, seconds):
        """What a terminal on standard error shows while the input takes so long."""
        terminal, error = self.new_terminal()
        process = self.start("rewrite", "-r", "a", "b", *arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=error)
        os.close(error)
        end = time.monotonic() + seconds
        while True:
            process.stdin.write(b"x" * 100_000)
            process.stdin.flush()
            if time.monotonic() >= end:
                break
            time.sleep(0.1)
        process.stdin.close()
        return self.shown(terminal, process)

    def test_a_file_whose_size_is_known(self):
        self.write("in", b"x" * 16 * 1024 * 1024)
        terminal, error = self.new_terminal()
        process = self.start("rewrite", "-r", "a", "b", "in", stderr=error)
        os.close(error)
        end = time.monotonic() + 1.5
        while time.monotonic() < end:  # who reads slowly is who makes it wait
            process.stdout.read(500_000)
            time.sleep(0.1)
        while process.stdout.read(1_000_000):
            pass
        shown = self.shown(terminal, process)
        self.assertRegex(shown, rb"\r\[#* *\] \d+\.\d of 16\.0 MiB, \d+\.\d MiB/s, \d+ s left\x1b\[K")
        self.assertTrue(shown.endswith(b"\r\x1b[Kreseal: no match\r\n"), shown)

    def test_a_long_input(self):
        shown = self.on_a_terminal(seconds=1.5)
        self.assertRegex(shown, rb"\r\d+\.\d MiB, \d+\.\d MiB/s\x1b\[K")
        self.assertTrue(shown.endswith(b"\r\x1b[Kreseal: no match\r\n"), shown)

    def test_quiet(self):
        self.assertEqual(self.on_a_terminal("-q", seconds=1.5), b"")

    def test_no_terminal(self):
        process = self.start("rewrite", "-r", "a", "b", stdin=subprocess.PIPE)
        process.stdin.write(b"x")
        process.stdin.flush()
        time.sleep(1.3)
        _, error = process.communicate(b"x" * 1_000_000)
        self.assertEqual(error, b"reseal: no match\n")


if __name__ == "__main__":
    unittest.main()
