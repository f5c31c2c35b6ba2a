#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The command line: what is asked arrives byte for byte, and what means nothing is refused before anything is opened."""
import unittest

from command import CommandTest


class Usage(CommandTest):
    # arguments of `rewrite`, and what the message must name
    WRONG = [
        (["IN"], "-r or --rules"),
        (["-r"], "-r: "),
        (["-r", "a"], "-r: "),
        (["-nr", "a"], "-r: "),
        (["-rab", "cd"], "-r: "),
        (["-r", "abc", "de"], "3 bytes by 2"),
        (["-r", "", ""], "-r: "),
        (["-r", "a", "b", "-r", "a", "c"], "-r: "),
        (["-r", "a", "b", "--format", "zip"], "--format: "),
        (["-r", "a", "b", "--format"], "--format: "),
        (["-r", "a", "b", "--cms", "drop"], "--cms: "),
        (["-r", "a", "b", "--cms="], "--cms: "),
        (["-r", "a", "b", "--stale", "0"], "--stale: "),
        (["-r", "a", "b", "--rules"], "--rules: "),
        (["-r", "a", "b", "--rules", ""], "--rules: "),
        (["-r", "a", "b", "--rules", "-"], "--rules: "),
        (["-r", "a", "b", "--rules", "x", "--rules", "y"], "--rules: "),
        (["-r", "a", "b", "--report"], "--report: "),
        (["-r", "a", "b", "--report", "-"], "--report: "),
        (["-r", "a", "b", "--report", "-", "-o", "-"], "--report: "),
        (["-r", "a", "b", "--report", "x", "-o", "x"], "--report: "),
        (["-r", "a", "b", "--report="], "--report: "),
        (["-r", "a", "b", "--map", "-", "-o", "x"], "--map: "),
        (["-r", "a", "b", "-o"], "-o: "),
        (["-r", "a", "b", "-o", ""], "-o: "),
        (["-r", "a", "b", "-o", "x", "-o", "y"], "-o: "),
        (["-r", "a", "b", "--positions=yes"], "--positions: "),
        (["-r", "a", "b", "--nothing"], "--nothing: "),
        (["-r", "a", "b", "-x"], "-x: "),
        (["-r", "a", "b", "-nx"], "-x: "),
        (["-r", "a", "b", "-5"], "-5: "),
        (["-r", "a", "b", "--json"], "--json: "),
        (["-r", "a", "b", "one", "two"], "IN: "),
        (["-r", "a", "b", ""], "IN: "),
    ]

    def test_names_the_option_and_opens_nothing(self):
        self.write("there", b"abc")
        for arguments, named in self.WRONG:
            with self.subTest(arguments=arguments):
                result = self.rewrite(*arguments)
                self.assertEqual(result.status, 1)
                self.assertEqual(result.out, b"")
                self.assertIn(named, result.lines()[0])
                self.assertTrue(result.lines()[0].startswith("reseal: "))
                self.assertEqual(result.lines()[1:], ["reseal: see reseal rewrite --help"])
                self.assertEqual(self.names(), ["there"])

    def test_a_usage_error_comes_before_a_missing_input_or_rules_file(self):
        for more in (["--format", "zip"], ["-r", "abc", "de"], ["-r", "a", "b", "--cms", "x"]):
            result = self.rewrite("--rules", "missing", "-o", "out", *more, "missing")
            self.assertEqual(result.status, 1)
            self.assertNotIn("missing", result.err)
            self.assertEqual(self.names(), [])

    def test_other_commands(self):
        for arguments, named in ([[], "a command is missing"], [["frob"], "frob: "], [["--frob"], "--frob: "], [["-z"], "-z: "],
                                 [["verify"], "PATH: "], [["verify", "--frob", "x"], "--frob: "], [["verify", ""], "PATH: "]):
            with self.subTest(arguments=arguments):
                result = self.run_command(*arguments)
                self.assertEqual(result.status, 1)
                self.assertEqual(result.out, b"")
                self.assertIn(named, result.lines()[0])


class Help(CommandTest):
    def test_help_lists_every_option(self):
        for command, words in (("rewrite", ["-r FROM TO", "--rules", "--format", "--cms", "--stale", "--unsealable", "--positions", "--report",
                                            "--map", "-n", "-q", "-o", "IN", "Examples:", "Exit status:"]),
                               ("show", ["--json", "--arch", "--slots", "--svg", "PATH", "Examples:", "Exit status:"]),
                               ("verify", ["--json", "--strict", "PATH", "Examples:", "Exit status:"])):
            result = self.run_command(command, "--help")
            self.assertEqual((result.status, result.err), (0, ""))
            for word in words:
                self.assertIn(word, result.out.decode())
            self.assertLessEqual(max(map(len, result.out.decode().splitlines())), 90)
        result = self.run_command("--help")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertIn(b"rewrite", result.out)
        self.assertIn(b"verify", result.out)

    def test_help_behind_other_options(self):
        result = self.rewrite("-r", "a", "b", "-n", "--help")
        self.assertEqual((result.status, result.err), (0, ""))

    def test_version(self):
        result = self.run_command("--version")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertRegex(result.out, rb"^reseal \d+\.\d+\.\d+\n$")

    def test_a_full_disk_is_noticed(self):
        for arguments in (["--version"], ["--help"], ["rewrite", "--help"]):
            with open("/dev/full", "wb") as full:
                result = self.run_command(*arguments, stdout=full)
            self.assertEqual(result.status, 1)
            self.assertIn("No space left", result.err)


class ByteForByte(CommandTest):
    WORDS = [b"[a,b]", b"[]", b"-o", b"-r", b"-n", b"--", b"--help", b"--version", b"++", b"-", b'"q"', b"'q'", b"a,b", b"{a}", b"a=b",
             b"%s", b" ", b"\n", b"\\", b"\\x41", b"\xff\xfe", b"\xc3\xa9", b"verify", b"rewrite"]

    def test_from_and_to(self):
        for word in self.WORDS:
            with self.subTest(word=word):
                other = bytes(byte ^ 1 or 2 for byte in word)
                for flags in ([b"-r"], [b"-qr"]):
                    result = self.rewrite(*flags, word, other, stdin=b"<" + word + b">")
                    self.assertEqual((result.status, result.out), (0, b"<" + other + b">"))
                    result = self.rewrite(*flags, other, word, stdin=b"<" + other + b">")
                    self.assertEqual((result.status, result.out), (0, b"<" + word + b">"))

    def test_right_before_in(self):
        self.write("in", b"<[a,b]>")
        for arguments in (["-r", "[a,b]", "[c,d]", "in"], ["in", "-r", "[a,b]", "[c,d]"], ["-qr", "[a,b]", "[c,d]", "--", "in"]):
            result = self.rewrite(*arguments)
            self.assertEqual((result.status, result.out), (0, b"<[c,d]>"))

    def test_names_of_in(self):
        for name in self.WORDS:
            if b"\\x41" == name or name == b"-":
                continue
            with self.subTest(name=name):
                self.write(name.decode("utf-8", "surrogateescape"), b"a" + name)
                result = self.rewrite("-q", "-r", "a", "a", "--", name)
                self.assertEqual((result.status, result.out), (0, b"a" + name))
                if not name.startswith(b"-"):
                    result = self.rewrite(name, "-q", "-r", "a", "a")
                    self.assertEqual((result.status, result.out), (0, b"a" + name))

    def test_names_of_out(self):
        self.write("in", b"a")
        for name in (b"[a,b]", b"-o", b"--", b"++", b"\xff", b"--help"):
            with self.subTest(name=name):
                self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", name, "in").status, 0)
                self.assertEqual(self.read(name.decode("utf-8", "surrogateescape")), b"b")
        self.assertEqual(self.rewrite("-qoattached", "-r", "a", "b", "in").status, 0)
        self.assertEqual(self.read("attached"), b"b")

    def test_rules_add_up(self):
        self.write("rules", b"cc\tdd\n")
        result = self.rewrite("-q", "-r", "aa", "bb", "--rules", "rules", "-r", "ee", "ff", stdin=b"aa cc ee")
        self.assertEqual((result.status, result.out), (0, b"bb dd ff"))

    def test_the_longest_of_the_leftmost_wins_and_output_is_not_rescanned(self):
        result = self.rewrite("-q", "-r", "aaaa", "bbbb", "-r", "bbbb", "aaaa", "-r", "aaaabb", "!!!!!!", stdin=b"aaaabbbb aaaabbb")
        self.assertEqual((result.status, result.out), (0, b"!!!!!!bb !!!!!!b"))


if __name__ == "__main__":
    unittest.main()
