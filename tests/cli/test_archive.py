#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Archives as a shell sees them: --format, --names, the report, what is wrong with one."""
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import unittest

from command import FROM, TO, TESTDATA, CommandTest

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from nar import directory, link, nar, regular  # noqa: E402

HASH, OTHER = FROM[11:43], TO[11:43]


def program(which):
    with open(os.path.join(TESTDATA, which, "exe.arm64"), "rb") as file:
        return file.read()


def tree(which):
    path = FROM if which == "a" else TO
    return nar(directory((b"bin", directory((b"hello", regular(program(which), True)))), (b"link", link(path + b"/bin")),
                         (b"text", regular(b"see " + path))))


class Archive(CommandTest):
    def test_a_nix_archive(self):
        result = self.rewrite("-r", FROM, TO, stdin=tree("a"))
        self.assertEqual((result.status, result.out), (0, tree("b")))
        self.assertEqual(result.lines(), ["reseal: 7 substitutions in 3 entries of a Nix archive, 1 image resealed"])

    def test_the_report_names_paths_within(self):
        self.write("in.nar", tree("a"))
        result = self.rewrite("-r", FROM, TO, "-o", "out", "--report", "-", "--positions", "in.nar")
        report = json.loads(result.out)
        self.assertEqual(report["format"], "nar")
        entries = {entry["path"]: entry for entry in report["entries"]}
        self.assertEqual(sorted(entries), ["bin/hello", "link", "text"])
        self.assertEqual(entries["bin/hello"]["status"], "resealed")
        self.assertEqual(entries["bin/hello"]["images"][0]["offset"], 0)
        self.assertEqual(entries["link"]["positions"], [0])
        self.assertEqual(entries["text"]["positions"], [4])

    def test_a_format_that_is_told(self):
        data = tree("a")
        plain = self.rewrite("-q", "-r", FROM, TO, "--format", "plain", stdin=data)
        self.assertEqual((plain.status, plain.out), (0, data.replace(FROM, TO)))
        for wrong, message in (("tar", "a header whose checksum is wrong"), ("nar", "where 32 are allowed")):
            result = self.rewrite("-r", FROM, TO, "--format", wrong, "-o", "out", stdin=b"neither of them " * 100)
            self.assertEqual(result.status, 1)
            self.assertIn(message, result.err)
            self.assertEqual(os.listdir(self.folder), [])

    def test_names(self):
        data = nar(directory((HASH, regular(b"see " + FROM)), (b"z", regular(FROM))))
        result = self.rewrite("-r", HASH, OTHER, "-o", "out", stdin=data)
        self.assertEqual(result.status, 2)
        self.assertEqual(result.lines()[0], f"reseal: {HASH.decode()}: a rule matches in the name '{HASH.decode()}'; "
                                            "--names keep leaves names as they are (offset 0)")
        self.assertEqual(os.listdir(self.folder), [])
        kept = self.rewrite("-q", "-r", HASH, OTHER, "--names", "keep", stdin=data)
        self.assertEqual((kept.status, kept.out), (0, nar(directory((HASH, regular(b"see " + TO)), (b"z", regular(TO))))))

    def test_a_hard_link_s_target_is_a_name(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tape:
            info = tarfile.TarInfo("hard")
            info.type, info.linkname = tarfile.LNKTYPE, "store/" + HASH.decode()
            tape.addfile(info)
        result = self.rewrite("-r", HASH, OTHER, stdin=out.getvalue())
        self.assertEqual(result.status, 2)
        self.assertIn("hard: a rule matches in the name 'store/" + HASH.decode(), result.err)

    def test_a_link_whose_target_is_not_ascii(self):
        def tape(path):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tape:
                info = tarfile.TarInfo("link")
                info.type, info.linkname = tarfile.SYMTYPE, path.decode() + "/caf\u00e9"
                tape.addfile(info)
            return out.getvalue()
        result = self.rewrite("-r", FROM, TO, stdin=tape(FROM))
        self.assertEqual((result.status, result.out), (0, tape(TO)))

    def test_a_tape_archive_that_is_refused_unpacks_as_if_it_were_whole(self):
        size = 1 << 20
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tape:
            for name in ("first", HASH.decode()):
                info = tarfile.TarInfo(name)
                info.size = size
                tape.addfile(info, io.BytesIO(b"x" * size))
        wrong = bytearray(out.getvalue())
        wrong[512 + size] ^= 1
        for data, status in ((out.getvalue(), 2), (bytes(wrong), 1), (out.getvalue()[:512 + size], 1)):
            result = self.rewrite("-r", HASH, OTHER, stdin=data)
            self.assertEqual(result.status, status)
            self.assertTrue(data.startswith(result.out))
            self.assertGreater(len(result.out), 512 + 65536)
            for reader in ("tar", "bsdtar"):
                if shutil.which(reader):
                    with self.subTest(reader=reader, status=status):
                        read = subprocess.run([reader, "-xOf", "-"], input=result.out, capture_output=True)
                        self.assertNotEqual(read.returncode, 0)

    def test_one_that_is_cut_short(self):
        data = tree("a")
        self.write("cut.nar", data[:-100])
        result = self.rewrite("-r", FROM, TO, "-o", "out", "cut.nar")
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines(), [f"reseal: cut.nar: text: the archive ends too early (offset {len(data) - 100})"])
        self.assertEqual(os.listdir(self.folder), ["cut.nar"])

    def test_what_is_behind_the_archive(self):
        result = self.rewrite("-r", FROM, TO, stdin=tree("a") + FROM)
        self.assertEqual((result.status, result.out), (0, tree("b") + FROM))
        self.assertIn("bytes behind the end of the archive were passed on unsearched", result.err)

    def test_every_refused_program_is_named(self):
        stale = program("a").replace(FROM, TO)
        data = nar(directory((b"one", regular(stale)), (b"two", regular(stale))))
        result = self.rewrite("-r", TO, FROM, "-o", "out", stdin=data)
        self.assertEqual(result.status, 2)
        self.assertEqual([line.split(":")[1] for line in result.lines()[:2]], [" one", " two"])
        self.assertIn("refused for 2 errors", result.lines()[-1])


if __name__ == "__main__":
    unittest.main()
