#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""--report: its shape, key by key and against the schema, in all three outcomes."""
import hashlib
import json
import os
import stat
import subprocess
import time
import unittest

from command import DOCS, FROM, TESTDATA, TO, CommandTest
from signing import cms_signed

try:
    import jsonschema
except ImportError:
    jsonschema = None

KEYS = ["version", "format", "bytes_in", "bytes_out", "sha256", "rules", "entries", "findings"]
ENTRY = ["path", "substitutions", "status", "images"]
IMAGE = ["arch", "offset", "status", "codedirectories"]
CODEDIRECTORY = ["slot", "hash", "page_size", "slots_changed", "cdhash_before", "cdhash_after"]
FINDING = ["severity", "entry", "offset", "code", "what"]


class ReportTest(CommandTest):
    def report(self, *arguments, status=0, stdin=b""):
        result = self.rewrite(*arguments, "--report", "report", stdin=stdin)
        self.assertEqual(result.status, status, result.err)
        text = self.read("report")
        self.assertTrue(text.endswith(b"}\n"))
        report = json.loads(text)
        self.check_shape(report, "--positions" in arguments)
        return report

    def check_shape(self, report, positions):
        self.assertEqual(list(report), KEYS)
        for rule in report["rules"]:
            self.assertEqual(list(rule), ["from", "to", "hits"])
        for entry in report["entries"]:
            self.assertEqual(list(entry), ENTRY + ["positions"] * positions)
            for image in entry["images"]:
                self.assertEqual(list(image), IMAGE)
                for directory in image["codedirectories"]:
                    self.assertEqual(list(directory), CODEDIRECTORY)
        for finding in report["findings"]:
            self.assertEqual(list(finding), FINDING)


class Shape(ReportTest):
    def test_a_fat_program(self):
        self.write("fat", self.fixture("a/fat"))
        report = self.report("-o", "out", "-r", FROM, TO, "--positions", "fat")
        before, after = self.fixture("a/fat"), self.read("out")
        self.assertEqual(after, self.fixture("b/fat"))
        self.assertEqual((report["version"], report["format"]), (1, "plain"))
        self.assertEqual((report["bytes_in"], report["bytes_out"]), (len(before), len(after)))
        self.assertEqual(report["sha256"], hashlib.sha256(after).hexdigest())
        self.assertEqual(report["rules"], [{"from": FROM.decode(), "to": TO.decode(), "hits": before.count(FROM)}])
        entry, = report["entries"]
        self.assertEqual((entry["path"], entry["status"], entry["substitutions"]), ("fat", "resealed", before.count(FROM)))
        found = [at for at in range(len(before)) if before.startswith(FROM, at)]
        self.assertEqual(entry["positions"], found)
        self.assertEqual([image["arch"] for image in entry["images"]], ["x86_64", "arm64"])
        for image, end in zip(entry["images"], (32768, len(before))):
            self.assertEqual(image["status"], "resealed")
            directory, = image["codedirectories"]
            self.assertEqual((directory["slot"], directory["hash"], directory["page_size"]), (0, "sha256", 4096))
            here = [at - image["offset"] for at in found if image["offset"] <= at < end]
            pages = {page for at in here for page in range(at // 4096, (at + len(FROM) - 1) // 4096 + 1)}
            self.assertLessEqual(set(directory["slots_changed"]), pages)
            self.assertEqual(directory["slots_changed"], sorted(directory["slots_changed"]))
            self.assertNotEqual(directory["cdhash_before"], directory["cdhash_after"])
        self.assertEqual(report["findings"], [])

    def test_what_was_not_touched_is_not_an_entry(self):
        report = self.report("-o", "out", "-r", "?!?!", "!?!?", stdin=self.fixture("a/fat"))
        self.assertEqual((report["entries"], report["findings"]), ([], []))
        self.assertEqual(report["rules"], [{"from": "?!?!", "to": "!?!?", "hits": 0}])

    def test_no_rules(self):
        self.write("rules", b"")
        report = self.report("-o", "out", "--rules", "rules", stdin=b"abc")
        self.assertEqual(report["rules"], [])
        self.assertEqual(report["sha256"], hashlib.sha256(b"abc").hexdigest())

    def test_byte_strings(self):
        name = b"n\xff\\\xc3\xa9".decode("utf-8", "surrogateescape")
        self.write(name, b"\xfe\\\n")
        report = self.report("-o", "out", "-r", b"\xfe\\\n", b"\xc3\xa9\\", name)
        self.assertEqual(report["rules"], [{"from": "\\xfe\\\\\n", "to": "é\\\\", "hits": 1}])
        self.assertEqual(report["entries"][0]["path"], "n\\xff\\\\é")

    def test_notes(self):
        report = self.report("-o", "out", "-r", FROM, TO, stdin=self.fixture("a/unsigned.arm64"))
        finding, = report["findings"]
        self.assertEqual((finding["severity"], finding["entry"], finding["code"]), ("note", "-", "unsigned-arm64"))
        self.assertEqual(report["entries"][0]["images"][0]["status"], "unsigned")
        self.assertEqual(report["entries"][0]["status"], "substituted")

    def test_the_same_whatever_the_way_in(self):
        self.write("-", self.fixture("a/exe.arm64"))
        from_pipe = self.report("-o", "out", "-r", FROM, TO, stdin=self.fixture("a/exe.arm64"))
        from_file = self.report("-o", "out", "-r", FROM, TO, "./-")
        from_file["entries"][0]["path"] = "-"
        self.assertEqual(from_file, from_pipe)

    def test_policies(self):
        self.write("in", cms_signed(self.fixture("a/exe.arm64")))
        for policy, status, code in (("adhoc", "downgraded", "cms-downgraded"), ("keep", "unbound", "cms-unbound")):
            report = self.report("-o", "out", "--cms", policy, "-r", FROM, TO, "in")
            self.assertEqual(report["entries"][0]["images"][0]["status"], status)
            self.assertIn(code, [finding["code"] for finding in report["findings"]])


class Outcomes(ReportTest):
    def test_a_report_never_replaces_what_is_read_or_written(self):
        self.write("in", b"a")
        self.write("rules", b"a\tb\n")
        self.write("out", b"old")
        for words, other in ((["-o", "out", "./in"], "in"), (["-n", "in"], "in"), (["-o", "out", "in"], "rules"), (["-o", "out", "in"], "out")):
            before = self.read(other)
            result = self.rewrite("--rules", "rules", *words, "--report", "./" + other)
            self.assertEqual((result.status, self.read(other)), (1, before))
            self.assertIn("--report: the same file as", result.err)

    def test_a_report_under_another_name_of_the_output(self):
        os.mkdir(self.path("folder"))
        os.symlink("folder", self.path("link"))
        os.symlink("folder/new", self.path("dangling"))
        os.symlink(self.path("dangling"), self.path("twice"))
        os.mkfifo(self.path("fifo"))
        self.write("in", b"a")
        for out, report in (("x", "./x"), ("x", self.path("x")), ("folder/../x", "x"), ("folder/x", "link/x"),
                            ("folder/x", "link/../folder/x"), ("folder/new", "dangling"), ("twice", "folder/new"), ("twice", "dangling"),
                            ("fifo", "./fifo")):
            for one, other in ((out, report), (report, out)):
                with self.subTest(out=one, report=other):
                    result = self.rewrite("-r", "a", "b", "-o", one, "--report", other, "in")
                    self.assertEqual(result.status, 1)
                    self.assertIn("--report: the same file as -o", result.err)
        self.assertEqual(self.names(), ["dangling", "fifo", "folder", "in", "link", "twice"])
        self.assertEqual(os.listdir(self.path("folder")), [])
        # One name in two folders, and devices.
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "x", "--report", "link/x", "in").status, 0)
        self.assertEqual((self.read("x"), json.loads(self.read("folder/x"))["bytes_out"]), (b"b", 1))
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "/dev/null", "--report", "/dev/./null", "in").status, 0)

    def test_a_report_in_place_of_what_standard_input_reads(self):
        self.write("in", b"a")
        self.write("rules", b"a\tb\n")
        for words, name, what in ((["-r", "a", "b"], "in", "IN"), (["--rules", "-", "in"], "rules", "--rules")):
            before = self.read(name)
            with open(self.path(name), "rb") as file:
                result = self.rewrite(*words, "-o", "y", "--report", name, stdin_from=file)
            self.assertEqual((result.status, self.read(name), self.names()), (1, before, ["in", "rules"]))
            self.assertIn("--report: the same file as " + what, result.err)
        with open(self.path("in"), "ab") as file:
            result = self.rewrite("-n", "-r", "a", "b", "--report", "-", "in", stdout=file)
        self.assertEqual((result.status, self.read("in")), (1, b"a"))

    def test_an_output_that_cannot_get_its_name(self):
        process = self.start("rewrite", "-r", "a", "b", "-o", "out", "--report", "report", stdin=subprocess.PIPE)
        while len(self.names()) < 2:  # both are under construction
            time.sleep(0.01)
        os.makedirs(self.path("out/full"))
        _, err = process.communicate(b"a", timeout=60)
        self.assertEqual((process.returncode, self.names()), (1, ["out", "report"]))
        self.assertIn(b"reseal: out: cannot rename: ", err)
        report = json.loads(self.read("report"))
        self.assertEqual((report["sha256"], report["bytes_out"]), (None, 1))

    def test_standard_input_is_called_one_thing(self):
        result = self.rewrite("-r", FROM, TO, "-o", "out", "--report", "report", stdin=self.stale_program())
        self.assertRegex(result.lines()[0], "^reseal: standard input: 1 touched page was stale .*")
        self.assertEqual(json.loads(self.read("report"))["findings"][0]["entry"], "-")
        result = self.rewrite("-r", "a", "b", "--format", "nar", "-n", stdin=b"no archive")
        self.assertRegex(result.lines()[0], "^reseal: standard input: ")

    def test_refused(self):
        self.write("in", self.stale_program())
        report = self.report("-o", "out", "-r", FROM, TO, "in", status=2)
        self.assertEqual(self.names(), ["in", "report"])
        self.assertEqual(report["sha256"], None)
        self.assertEqual(report["bytes_in"], len(self.read("in")))
        self.assertEqual(report["entries"][0]["status"], "refused")
        self.assertEqual(report["entries"][0]["images"][0]["status"], "refused")
        self.assertEqual([(f["severity"], f["code"]) for f in report["findings"]], [("error", "stale-page")])

    def test_failed(self):
        report = self.report("-o", "/dev/full", "-r", "aaaa", "bbbb", stdin=b"aaaa" * 100_000, status=1)
        self.assertEqual(report["sha256"], None)
        self.assertGreater(report["entries"][0]["substitutions"], 0)

    def test_failed_only_at_the_last_moment(self):
        report = self.report("-o", "/dev/full", "-r", "a", "b", stdin=b"a", status=1)
        self.assertEqual((report["sha256"], report["rules"][0]["hits"]), (None, 1))

    def test_dry_run(self):
        report = self.report("-n", "-o", "out", "-r", FROM, TO, stdin=self.fixture("a/exe.arm64"))
        self.assertEqual(self.names(), ["report"])
        self.assertEqual(report["sha256"], hashlib.sha256(self.fixture("b/exe.arm64")).hexdigest())

    def test_to_standard_output(self):
        for arguments in (["-o", "out"], ["-n"]):
            result = self.rewrite(*arguments, "-q", "-r", "a", "b", "--report", "-", stdin=b"a")
            self.assertEqual((result.status, result.err), (0, ""))
            self.check_shape(json.loads(result.out), False)
        self.assertEqual(self.names(), ["out"])

    def test_an_older_report_is_replaced_as_a_whole(self):
        self.write("target", b"x" * 100_000)
        os.symlink("target", self.path("report"))
        self.report("-o", "out", "-r", "a", "b", stdin=b"a")
        self.assertEqual(self.names(), ["out", "report", "target"])
        self.assertTrue(os.path.islink(self.path("report")))
        self.assertFalse(stat.S_IMODE(os.stat(self.path("report")).st_mode) & 0o111)


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Schema(CommandTest):
    def validator(self, name):
        with open(os.path.join(DOCS, name), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def inputs(self):
        for name in ("exe.arm64", "fat", "unsigned.arm64", "half-signed", "info-plist.arm64"):
            yield name, self.fixture("a/" + name)
        yield "stale", self.stale_program()
        yield "cms", cms_signed(self.fixture("a/exe.arm64"))
        yield "text", b"\xff\\ " + FROM

    def test_reports(self):
        validator = self.validator("report.schema.json")
        for name, data in self.inputs():
            for options in ([], ["--positions"], ["--cms", "adhoc"], ["--cms", "keep"], ["--stale", "reseal"]):
                with self.subTest(name=name, options=options):
                    self.write(name, data)
                    result = self.rewrite("-n", "-r", FROM, TO, "-r", b"\xff\\", b"\xfe\n", *options, "--report", "-", name)
                    self.assertIn(result.status, (0, 2))
                    validator.validate(json.loads(result.out))

    def test_it_can_fail(self):
        validator = self.validator("report.schema.json")
        self.write("in", self.stale_program())
        good = json.loads(self.rewrite("-n", "-r", FROM, TO, "--report", "-", "in").out)
        validator.validate(good)
        for change in ({"sha256": "x"}, {"version": 2}, {"more": 1}, {"findings": [{**good["findings"][0], "code": "no-such-code"}]},
                       {"rules": [{"from": "\\q", "to": "x", "hits": 0}]}):
            with self.subTest(change=change), self.assertRaises(jsonschema.ValidationError):
                validator.validate({**good, **change})
        for key in KEYS:
            with self.subTest(missing=key), self.assertRaises(jsonschema.ValidationError):
                validator.validate({k: v for k, v in good.items() if k != key})

    def test_verify_lines(self):
        validator = self.validator("verify.schema.json")
        for name, data in self.inputs():
            self.write(name, data)
        result = self.run_command("verify", "--json", "--strict", *self.names())
        lines = result.out.splitlines()
        self.assertEqual(len(lines), 10)  # two fat files
        for name in ("stale-resources.app", "stale-info-plist.app"):
            lines += self.run_command("verify", "--json", os.path.join(TESTDATA, "broken", name)).out.splitlines()
        for line in lines:
            validator.validate(json.loads(line))
        with self.assertRaises(jsonschema.ValidationError):
            validator.validate({**json.loads(lines[0]), "status": "fine"})


if __name__ == "__main__":
    unittest.main()
