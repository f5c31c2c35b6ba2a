#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""--rules FILE."""
import unittest

from command import CommandTest


class RulesFile(CommandTest):
    def by(self, rules, stdin):
        self.write("rules", rules)
        return self.rewrite("-q", "--rules", "rules", stdin=stdin)

    def assert_rewrites(self, rules, before, after):
        result = self.by(rules, before)
        self.assertEqual((result.status, result.out, result.err), (0, after, ""))

    def test_lines(self):
        self.assert_rewrites(b"aa\tbb\ncc\tdd", b"aa cc", b"bb dd")
        self.assert_rewrites(b"aa\tbb\r\ncc\tdd\r\n", b"aa cc", b"bb dd")

    def test_blank_lines_and_comments(self):
        self.assert_rewrites(b"\n# x\ty\n\naa\tbb\n#\n", b"aa x", b"bb x")

    def test_escapes(self):
        self.assert_rewrites(b"a\\x09b\tc\\x0ad\n", b"a\tb", b"c\nd")
        self.assert_rewrites(b"\\\\\t\\x00\n", b"\\", b"\0")
        self.assert_rewrites(b"\\x23a\t\\x23b\n", b"#a", b"#b")
        self.assert_rewrites(b"\\xfF\t\xfe\n", b"\xff", b"\xfe")

    def test_no_rules_at_all_is_no_error(self):
        for rules in (b"", b"\n", b"# nothing\n"):
            self.assert_rewrites(rules, b"as it was", b"as it was")

    def test_what_means_nothing_names_file_and_line(self):
        for rules, line in ((b"\naa bb\n", 2), (b"aa\tbb\tcc\n", 1), (b"aa\tb\\q\n", 1), (b"aa\tb\\x0\n", 1), (b"a\tb\n#\naa\tb\n", 3)):
            with self.subTest(rules=rules):
                result = self.by(rules, b"aa")
                self.assertEqual((result.status, result.out), (1, b""))
                self.assertRegex(result.lines()[0], rf"^reseal: rules:.*\b{line}\b")

    def test_the_same_from_in_file_and_option(self):
        self.write("rules", b"aa\tbb\n")
        result = self.rewrite("--rules", "rules", "-r", "aa", "cc", "-o", "out", stdin=b"aa")
        self.assertEqual(result.status, 1)
        self.assertEqual(self.names(), ["rules"])

    def test_unequal_lengths_name_both(self):
        result = self.by(b"abcd\tefghijk\n", b"")
        self.assertEqual(result.status, 1)
        self.assertIn("4", result.err)
        self.assertIn("7", result.err)

    def test_a_file_that_cannot_be_read(self):
        for name in ("missing", "."):
            result = self.rewrite("--rules", name, "-o", "out", stdin=b"x")
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertIn(f"reseal: {name}: cannot ", result.err)
            self.assertEqual(self.names(), [])

    def test_from_standard_input(self):
        self.write("in", b"aa")
        result = self.rewrite("-q", "--rules", "-", "in", stdin=b"aa\tbb\n")
        self.assertEqual((result.status, result.out), (0, b"bb"))

    def test_ten_thousand_and_no_more(self):
        rules = b"".join(b"%05d\t%05d\n" % (i, 99999 - i) for i in range(10_000))
        self.assert_rewrites(rules, b"00000 09999", b"99999 90000")
        result = self.by(rules + b"10000\t00000\n", b"")
        self.assertEqual(result.status, 1)
        self.assertRegex(result.err, "10000|10,000")


if __name__ == "__main__":
    unittest.main()
