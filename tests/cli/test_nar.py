#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""reseal nar: what arrives, what is left after a failure or a signal, what the lines say."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

from command import DEADLY, CommandTest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from nar import directory, folder, link, nar, regular


TREE = nar(folder(bin=folder(tool=regular(b"#!/bin/sh\n", True)), empty=folder(), link=link(b"bin/tool"), text=regular(b"hello\n")))


class Nar(CommandTest):
    def restore(self, *arguments, **more):
        return self.run_command("nar", "restore", *arguments, **more)

    def test_there_and_back(self):
        self.write("in.nar", TREE)
        for name in ("out", "-odd", "--", "a b", "\n", "[x]", "é"):
            with self.subTest(name=name):
                result = self.restore("--", name, "in.nar")
                self.assertEqual((result.status, result.out, result.err), (0, b"", ""))
                self.assertEqual(os.readlink(os.path.join(self.path(name), "link")), "bin/tool")
                self.assertTrue(os.access(os.path.join(self.path(name), "bin", "tool"), os.X_OK))
                result = self.run_command("nar", "dump", "--", name)
                self.assertEqual((result.status, result.out, result.err), (0, TREE, ""))
        self.assertEqual(self.restore("second", stdin=TREE).status, 0)
        self.assertEqual(self.restore("third", "-", stdin=TREE).status, 0)
        self.assertEqual(self.run_command("nar", "dump", "-o", "out.nar", "third").status, 0)
        self.assertEqual(self.read("out.nar"), TREE)

    def test_what_is_there_stays(self):
        self.write("out", b"mine")
        result = self.restore("out", stdin=TREE)
        self.assertEqual((result.status, result.err), (1, "reseal: out: cannot create: File exists\n"))
        self.assertEqual((self.names(), self.read("out")), (["out"], b"mine"))

    def test_a_bad_archive_leaves_nothing_and_names_entry_and_offset(self):
        at = TREE.index(b"hello")
        self.write("in.nar", TREE[:at + 2])
        self.assertEqual(self.restore("out", "in.nar").err,
                         "reseal: in.nar: text: the archive ends too early (offset %d)\n" % (at + 2))
        result = self.restore("out", stdin=TREE[:at + 2])
        self.assertEqual((result.status, result.err), (1, "reseal: text: the archive ends too early (offset %d)\n" % (at + 2)))
        self.assertEqual(self.restore("out", stdin=b"").status, 1)
        self.assertEqual(self.names(), ["in.nar"])

    def test_bytes_behind_are_a_note(self):
        result = self.restore("out", stdin=TREE + b"x" * 300000)
        self.assertEqual((result.status, result.err), (0, "reseal: note: 300000 bytes behind the end of the archive ignored\n"))
        self.assertEqual(self.names(), ["out"])

    def test_what_cannot_be_archived_leaves_no_output(self):
        os.mkdir(self.path("t"))
        os.mkfifo(self.path("t/fifo"))
        result = self.run_command("nar", "dump", "-o", "out", "t")
        self.assertEqual((result.status, result.err),
                         (1, "reseal: t/fifo: neither a regular file nor a folder nor a symbolic link\n"))
        self.assertEqual(self.names(), ["t"])

    def test_a_full_disk_is_noticed(self):
        self.restore("t", stdin=TREE)
        for arguments in (["dump", "t"], ["ls"]):
            with open("/dev/full", "wb") as full:
                result = self.run_command("nar", *arguments, stdin=TREE, stdout=full)
            self.assertEqual(result.status, 1)
            self.assertIn("No space left", result.err)

    def test_case_hack(self):
        stream = nar(folder(A=regular(b"1"), a=regular(b"2")))
        self.assertEqual(self.restore("--case-hack", "out", stdin=stream).status, 0)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["A", "a~nix~case~hack~1"])
        self.assertEqual(self.run_command("nar", "dump", "--case-hack", "out").out, stream)
        self.assertIn(b"~nix~case~hack~1", self.run_command("nar", "dump", "out").out)

    def test_ls(self):
        self.write("in.nar", TREE)
        self.assertEqual(self.run_command("nar", "ls", "in.nar").out, b".\nbin\nbin/tool\nempty\nlink\ntext\n")
        self.assertEqual(self.run_command("nar", "ls", "-l", stdin=TREE).out.decode(),
                         "dr-xr-xr-x                    0 .\n"
                         "dr-xr-xr-x                    0 bin\n"
                         "-r-xr-xr-x                   10 bin/tool\n"
                         "dr-xr-xr-x                    0 empty\n"
                         "lrwxrwxrwx                    0 link -> bin/tool\n"
                         "-r--r--r--                    6 text\n")
        lines = [json.loads(line) for line in self.run_command("nar", "ls", "--json", "in.nar").out.splitlines()]
        self.assertEqual(lines, [
            {"path": ".", "type": "directory"},
            {"path": "bin", "type": "directory"},
            {"path": "bin/tool", "type": "regular", "size": 10, "executable": True, "offset": TREE.index(b"#!")},
            {"path": "empty", "type": "directory"},
            {"path": "link", "type": "symlink", "target": "bin/tool"},
            {"path": "text", "type": "regular", "size": 6, "executable": False, "offset": TREE.index(b"hello")},
        ])

    def test_ls_cannot_be_made_to_write_to_the_terminal(self):
        stream = nar(directory((b"\x1b[31m\n", link(b"\x1b]0;\xff"))))
        self.assertEqual(self.run_command("nar", "ls", "-l", stdin=stream).out.splitlines()[1:],
                         [b"lrwxrwxrwx                    0 \\x1b[31m\\x0a -> \\x1b]0;\\xff"])
        entry = json.loads(self.run_command("nar", "ls", "--json", stdin=stream).out.splitlines()[1])
        self.assertEqual((entry["path"], entry["target"]), ("\x1b[31m\n", "\x1b]0;\\xff"))
        turned = "gpj\u202eexe\u009b"
        line = self.run_command("nar", "ls", "--json", stdin=nar(directory((turned.encode(), link(b"x"))))).out.splitlines()[1]
        self.assertTrue(line.isascii(), line)
        self.assertEqual(json.loads(line)["path"], turned)

    def test_ls_of_a_bad_archive_says_what_was_there(self):
        result = self.run_command("nar", "ls", stdin=TREE[:TREE.index(b"hello")])
        self.assertEqual(result.status, 1)
        self.assertEqual(result.out, b".\nbin\nbin/tool\nempty\nlink\n")
        self.assertIn("text: the archive ends too early", result.err)

    WRONG = [
        ([], "a command is missing"), (["frob"], "frob: "), (["--frob"], "--frob: "), (["dump"], "PATH: "), (["dump", ""], "PATH: "),
        (["dump", "a", "b"], "PATH: "), (["dump", "-o"], "-o: "), (["dump", "-o", "", "a"], "-o: "), (["dump", "-x", "a"], "-x: "),
        (["restore"], "DEST: "), (["restore", ""], "DEST: "), (["restore", "a", ""], "IN: "), (["restore", "a", "b", "c"], "IN: "),
        (["restore", "-o", "x", "a"], "-o: "), (["ls", "a", "b"], "IN: "), (["ls", ""], "IN: "), (["ls", "--json=x"], "--json: "),
        (["ls", "-l", "--json"], "--json: "), (["ls", "--case-hack"], "--case-hack: "),
    ]

    def test_usage(self):
        for arguments, named in self.WRONG:
            with self.subTest(arguments=arguments):
                result = self.run_command("nar", *arguments)
                self.assertEqual((result.status, result.out), (1, b""))
                self.assertIn(named, result.lines()[0])
                known = arguments[:1] if arguments and arguments[0] in ("dump", "restore", "ls") else []
                self.assertEqual(result.lines()[1:], ["reseal: see reseal " + " ".join(["nar", *known, "--help"])])
        self.assertEqual(self.names(), [])

    def test_help(self):
        for command, words in (("dump", ["--case-hack", "-o OUT", "PATH"]), ("restore", ["--case-hack", "DEST", "IN"]),
                               ("ls", ["-l", "--json", "IN"])):
            result = self.run_command("nar", command, "--help")
            self.assertEqual((result.status, result.err), (0, ""))
            for word in [*words, "Examples:", "Exit status:"]:
                self.assertIn(word, result.out.decode())
            self.assertLessEqual(max(map(len, result.out.decode().splitlines())), 90)
            self.assertIn(command, self.run_command("nar", "--help").out.decode())


class Dump(CommandTest):
    def test_an_archive_in_the_tree_that_it_is_of(self):
        """It would hold its own beginning."""
        os.makedirs(self.path("tree/below"))
        os.symlink("tree", self.path("link"))
        os.symlink("tree/below/x.nar", self.path("y.nar"))
        for out in ("tree/x.nar", "tree/below/x.nar", "link/below/../x.nar", "y.nar"):
            for tree in ("tree", "./tree", "tree/", "link/"):
                with self.subTest(out=out, tree=tree):
                    result = self.run_command("nar", "dump", "-o", out, tree)
                    self.assertEqual(result.status, 1)
                    self.assertEqual(result.lines(), [f"reseal: {out}: lies in what is to be written, {tree}"])
                    self.assertEqual((os.listdir(self.path("tree")), os.listdir(self.path("tree/below"))), (["below"], []))
        for out, tree in (("x.nar", "tree"), ("tree/x.nar", "link"), ("tree/x.nar", "tree/below"), ("x.nar", "x.nar")):
            with self.subTest(out=out, tree=tree):
                self.assertEqual(self.run_command("nar", "dump", "-o", out, tree).status, 0)


class Listing(CommandTest):
    def test_two_names_that_look_the_same(self):
        data = nar(directory((b"\x01", regular(b"")), (b"\\x01", link(b"a\\n"))))
        result = self.run_command("nar", "ls", stdin=data)
        self.assertEqual(result.out.decode().splitlines(), [".", "\\x01", "\\\\x01"])
        result = self.run_command("nar", "ls", "-l", stdin=data)
        self.assertTrue(result.out.decode().endswith(" \\\\x01 -> a\\\\n\n"))

    def test_an_entry_is_there_only_at_the_end(self):
        data = nar(directory((b"a", regular(b"x")), (b"b", regular(b"x" * 100000))))
        process = self.start("nar", "ls", stdin=subprocess.PIPE)
        process.stdin.write(data[:1000])
        process.stdin.flush()
        self.assertEqual([process.stdout.readline() for _ in range(2)], [b".\n", b"a\n"])
        process.stdin.write(data[1000:])
        process.stdin.close()
        self.assertEqual((process.stdout.read(), process.wait(60)), (b"b\n", 0))


class Signals(CommandTest):
    def restoring(self, **more):
        """The command, at work on a FIFO that does not end, with a part of the tree there."""
        os.mkfifo(self.path("in"))
        process = self.start("nar", "restore", "out", "in", **more)
        writer = open(self.path("in"), "wb", buffering=0)
        self.addCleanup(writer.close)
        writer.write(TREE[:TREE.index(b"hello")])
        deadline = time.monotonic() + 30
        while not any(os.path.lexists(os.path.join(self.path(name), "link")) for name in self.names()):
            self.assertLess(time.monotonic(), deadline, "it never came to that")
            time.sleep(0.01)
        return process, writer

    def test_nothing_is_left_behind(self):
        for number in DEADLY:
            with self.subTest(signal=number.name):
                process, writer = self.restoring()
                process.send_signal(number)
                self.assertEqual(process.wait(30), -number)
                self.assertEqual(self.names(), ["in"])
                writer.close()
                os.unlink(self.path("in"))

    def test_also_where_there_is_always_something_to_read(self):
        os.mkfifo(self.path("in"))
        process = self.start("nar", "restore", "out", "in")
        with open(self.path("in"), "wb", buffering=0) as writer:
            writer.write(TREE[:TREE.index(b"hello") - 8] + (1 << 62).to_bytes(8, "little"))
            for _ in range(100):
                writer.write(b"x" * 65536)
            process.terminate()
            with self.assertRaises(BrokenPipeError):
                for _ in range(100000):
                    writer.write(b"x" * 65536)
        self.assertEqual(process.wait(30), -signal.SIGTERM)
        self.assertEqual(self.names(), ["in"])

    def test_an_ignored_signal_stays_ignored(self):
        process, writer = self.restoring(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        writer.write(TREE[TREE.index(b"hello"):])
        writer.close()
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(self.names(), ["in", "out"])


if __name__ == "__main__":
    unittest.main()
