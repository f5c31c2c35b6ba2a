#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""verify, of bundles: their lines, their JSON, their statuses, and what is said of the programs in them."""
import hashlib
import json
import os
import plistlib
import unittest

from command import DOCS, CommandTest
from signing import bundle_signed

try:
    import jsonschema
except ImportError:
    jsonschema = None

RULES = {"^.*": True, "^Info\\.plist$": {"omit": True, "weight": 20.0}, "^[^/]+$": {"nested": True, "weight": 10.0}}


class Bundles(CommandTest):
    def setUp(self):
        super().setUp()
        self.write_bundle("Tool.app", {"Resources/a.txt": b"some text"})
        if b"bundle" not in self.run_command("verify", "Tool.app").out:
            self.skipTest("this build reads no property lists")

    def write_bundle(self, name, files):
        info = plistlib.dumps({"CFBundleIdentifier": "org.example.tool", "CFBundleExecutable": "Tool"})
        resources = plistlib.dumps({"files": {}, "rules": {}, "rules2": RULES, "files2": {
            path: {"hash2": hashlib.sha256(data).digest()} for path, data in files.items()}})
        program = bundle_signed(self.fixture("a/exe.arm64"), info, resources)
        for path, data in {"Info.plist": info, "_CodeSignature/CodeResources": resources, "MacOS/Tool": program,
                           **files}.items():
            path = os.path.join(name, "Contents", path)
            os.makedirs(os.path.join(self.folder, os.path.dirname(path)), exist_ok=True)
            self.write(path, data)

    def test_a_valid_bundle(self):
        for path in ("Tool.app", "Tool.app/", "."):
            result = self.run_command("verify", path)
            prefix = "./Tool.app" if path == "." else "Tool.app"
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertEqual(result.out.decode(), prefix + "  bundle  valid  1 file, 1 program\n" + prefix +
                             "/Contents/MacOS/Tool  arm64  valid  9 pages; sha256/4096\n")
        result = self.run_command("verify", "-q", ".")
        self.assertEqual((result.status, result.out, result.err), (0, b"", ""))

    def test_what_was_changed_has_a_line(self):
        self.write("Tool.app/Contents/Resources/a.txt", b"other text")
        self.write("Tool.app/Contents/Resources/b\x1b.txt", b"x")
        result = self.run_command("verify", "-q", "Tool.app")
        self.assertEqual((result.status, result.err), (2, ""))
        self.assertEqual(result.out.decode().splitlines(), [
            "Tool.app  bundle  bad  1 file, 1 program; 2 errors",
            "Tool.app/Contents/Resources/a.txt  bundle  file-changed  it has another sha256 than was sealed | codesign objects",
            "Tool.app/Contents/Resources/b\\x1b.txt  bundle  file-extra  not sealed | codesign objects"])

    def test_the_last_line_does_not_call_a_bad_bundle_fine(self):
        self.write_bundle("Other.app", {"Resources/a.txt": b"some text"})
        self.write("Other.app/Contents/Resources/a.txt", b"other text")
        result = self.run_command("verify", ".")
        self.assertEqual((result.status, result.err), (2, ""))
        self.assertEqual(result.out.decode().splitlines()[-1], "2 images, 0 bad; 2 bundles, 1 bad")

    def test_an_info_plist_that_is_not_the_sealed_one_is_its_programs_fault_too(self):
        with open(os.path.join(self.folder, "Tool.app/Contents/Info.plist"), "ab") as file:
            file.write(b"\n")
        result = self.run_command("verify", "Tool.app")
        self.assertEqual(result.status, 2)
        lines = result.out.decode().splitlines()
        self.assertRegex(lines[2], r"^Tool\.app/Contents/MacOS/Tool  arm64  stale .*special slot -1.*codesign objects$")
        self.assertEqual(lines[1], "Tool.app/Contents/Info.plist  bundle  info-plist-stale  not what special slot -1 of "
                                   "Contents/MacOS/Tool seals: arm64 sha256 | codesign objects")

    def test_the_kernel_does_not_mind(self):
        self.write("Tool.app/Contents/Resources/a.txt", b"other text")
        result = self.run_command("verify", "--level", "kernel", "Tool.app")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertNotIn(b"bundle", result.out)

    def test_strict_mode_minds_what_lies_beside(self):
        self.write("Tool.app/notes", b"x")
        self.assertEqual(self.run_command("verify", "Tool.app").status, 0)
        result = self.run_command("verify", "--strict", "-q", "Tool.app")
        self.assertEqual(result.status, 2)
        self.assertIn(b"Tool.app/notes  bundle  unsealed-root  lies beside what is sealed | strict mode objects\n", result.out)

    def test_very_many_findings_are_cut_and_the_json_is_not(self):
        for i in range(150):
            self.write("Tool.app/Contents/Resources/%03d" % i, b"x")
        lines = self.run_command("verify", "-q", "Tool.app").out.decode().splitlines()
        self.assertEqual(len(lines), 102)
        self.assertEqual(lines[-1], "Tool.app  bundle  …  and 50 more")
        line = json.loads(self.run_command("verify", "-q", "--json", "Tool.app").out)
        self.assertEqual(len(line["findings"]), 150)

    def test_json(self):
        self.write("Tool.app/Contents/Resources/a.txt", b"other text")
        result = self.run_command("verify", "--json", ".")
        self.assertEqual((result.status, result.err), (2, ""))
        bundle, image = map(json.loads, result.out.splitlines())
        self.assertEqual(image["codedirectories"][0]["unchecked"], [])
        self.assertEqual(bundle, {
            "bundle": "./Tool.app", "identifier": "org.example.tool", "status": "bad", "layer": "codesign", "files": 1,
            "programs": 1,
            "findings": [{"severity": "error", "code": "file-changed", "layer": "codesign", "path": "Contents/Resources/a.txt",
                          "what": "it has another sha256 than was sealed"}]})
        if jsonschema is None:
            self.skipTest("no jsonschema")
        with open(os.path.join(DOCS, "verify.schema.json"), encoding="utf-8") as file:
            validator = jsonschema.Draft202012Validator(json.load(file))
        validator.validate(image)
        validator.validate(bundle)
        for wrong in ({**bundle, "status": "fine"}, {**bundle, "path": "x"}, {**image, "bundle": "x"}):
            with self.assertRaises(jsonschema.ValidationError):
                validator.validate(wrong)

    def test_a_program_of_the_linker_alone_is_no_bundles_and_nobody_objects(self):
        os.makedirs(os.path.join(self.folder, "Other.app/Contents/MacOS"))
        self.write("Other.app/Contents/Info.plist", plistlib.dumps({"CFBundleExecutable": "Other"}))
        self.write("Other.app/Contents/MacOS/Other", self.fixture("a/exe.arm64"))
        result = self.run_command("verify", "Other.app")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertIn(b"Other.app  bundle  unsealed  0 files, 1 program; 2 notes\n", result.out)


if __name__ == "__main__":
    unittest.main()
