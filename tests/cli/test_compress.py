#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compressed streams: read by what they are, written as they came or as one asks for."""
import bz2
import contextlib
import gzip
import hashlib
import io
import json
import lzma
import os
import random
import shutil
import subprocess
import tarfile
import threading
import unittest

from command import FROM, TO, TESTDATA, CommandTest

TEXT = b"see " + FROM + b"/bin/sh\n"
EXPECTED = TEXT.replace(FROM, TO)


def tool(name, *arguments, stdin):
    """A tool's output, or a reason to skip."""
    if shutil.which(name) is None:
        raise unittest.SkipTest(f"no {name} on this machine")
    return subprocess.run([name, *arguments], input=stdin, stdout=subprocess.PIPE, check=True).stdout


PACKERS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda data: tool("zstd", "-q", "-c", stdin=data),
}
UNPACKERS = {
    "none": lambda data: data,
    "gzip": gzip.decompress,
    "bzip2": bz2.decompress,
    "xz": lzma.decompress,
    "zstd": lambda data: tool("zstd", "-q", "-d", "-c", stdin=data),
}


class Compress(CommandTest):
    def rules(self):
        return ("-r", FROM, TO)

    def test_each_format_comes_out_as_it_came(self):
        for name, pack in PACKERS.items():
            with self.subTest(name):
                result = self.rewrite(*self.rules(), stdin=pack(TEXT * 5000))
                self.assertEqual(result.status, 0, result.err)
                self.assertEqual(result.lines(), ["reseal: 5000 substitutions in 1 file"])
                self.assertEqual(UNPACKERS[name](result.out), EXPECTED * 5000)

    def test_each_format_comes_out_as_it_is_asked_for(self):
        for name, unpack in UNPACKERS.items():
            with self.subTest(name):
                for choice in [name] if name == "none" else [name, name + ":1"]:
                    result = self.rewrite(*self.rules(), "--compress", choice, stdin=gzip.compress(TEXT))
                    self.assertEqual(result.status, 0, result.err)
                    self.assertEqual(unpack(result.out), EXPECTED)

    def test_the_tools_of_the_formats_read_it(self):
        for name in ("gzip", "bzip2", "xz", "zstd"):
            with self.subTest(name):
                out = self.rewrite(*self.rules(), "--compress", name, stdin=TEXT * 100).out
                self.assertEqual(tool(name, "-d", "-c", stdin=out), EXPECTED * 100)

    def test_the_same_bytes_on_every_run(self):
        for name in ("gzip", "bzip2", "xz", "zstd"):
            one, other = (self.rewrite(*self.rules(), "--compress", name, stdin=TEXT * 1000).out for _ in range(2))
            self.assertEqual(one, other)

    def test_a_level(self):
        words = b"".join(b"%d is the square of %d\n" % (i * i, i) for i in range(5000))
        fast, best = (len(self.rewrite(*self.rules(), "--compress", level, stdin=words).out)
                      for level in ("zstd:1", "zstd:19"))
        self.assertLess(best, fast)

    def test_wrong_choices(self):
        for choice, message in {
                "gzip:10": "--compress: gzip has the levels 1 to 9",
                "zstd:": "--compress: zstd has the levels 1 to 22",
                "none:1": "--compress: none has no levels",
                "lz4": "--compress: no such format: lz4; same, none, gzip, bzip2, xz or zstd"}.items():
            result = self.rewrite(*self.rules(), "--compress", choice)
            self.assertEqual((result.status, result.lines()[0]), (1, "reseal: " + message))
            self.assertEqual(result.out, b"")

    def test_a_tape_archive_of_a_program(self):
        """What npm and conda send."""
        for name in ("gzip", "bzip2", "zstd"):
            with self.subTest(name):
                self.write("in", PACKERS[name](self.tape("a")))
                result = self.rewrite(*self.rules(), "-o", "out", "in")
                self.assertEqual(result.status, 0, result.err)
                self.assertEqual(result.lines(),
                                 ["reseal: 6 substitutions in 2 entries of a tape archive, 1 image resealed"])
                self.assertEqual(UNPACKERS[name](self.read("out")), self.tape("b"))

    def tape(self, which):
        path = FROM if which == "a" else TO
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tape:
            tape.add(os.path.join(TESTDATA, which, "exe.arm64"), "package/bin/hello", filter=self.plain)
            link = tarfile.TarInfo("package/link")
            link.type, link.linkname = tarfile.SYMTYPE, path.decode()
            tape.addfile(link)
        return out.getvalue()

    @staticmethod
    def plain(info):
        info.mtime, info.uid, info.gid, info.uname, info.gname, info.mode = 0, 0, 0, "", "", 0o755
        return info

    def test_a_cut_or_damaged_stream_leaves_no_output(self):
        for name, pack in PACKERS.items():
            with self.subTest(name):
                whole = pack(random.Random(1).randbytes(100_000) + TEXT)  # the same each time: damage may also look like an end
                self.write("cut", whole[:-3])
                result = self.rewrite(*self.rules(), "-o", "out", "cut")
                self.assertEqual(result.status, 1)
                self.assertEqual(result.lines(), [f"reseal: cut: the {name} stream is cut short (offset {len(whole) - 3})"])
                damaged = bytearray(whole)
                damaged[len(whole) // 2] ^= 0x55
                self.write("damaged", bytes(damaged))
                result = self.rewrite(*self.rules(), "-o", "out", "damaged")
                self.assertEqual(result.status, 1)
                self.assertRegex(result.err, f"^reseal: damaged: the {name} stream is corrupt behind \\d+ unpacked bytes: .*\n$")
                self.assertEqual(sorted(os.listdir(self.folder)), ["cut", "damaged"])
                os.remove(os.path.join(self.folder, "cut"))
                os.remove(os.path.join(self.folder, "damaged"))

    def test_how_much_of_a_broken_stream_comes_out_depends_on_the_reads(self):
        for name, pack in PACKERS.items():
            with self.subTest(name):
                whole = pack(b"".join(TEXT + os.urandom(1000) for _ in range(700)))
                damaged = bytearray(whole)
                damaged[len(whole) * 3 // 4] ^= 0x55
                for data in (bytes(damaged), whole[:len(whole) // 2]):
                    self.write("in", data)
                    got = []
                    for size in (1, 4097, 1 << 30):
                        process = self.start("rewrite", *self.rules(), "--compress", "none", "--report", "report", "-o", "/dev/stdout",
                                             stdin=subprocess.PIPE)
                        threading.Thread(target=self.feed, args=(process.stdin, data, size)).start()
                        out = process.stdout.read()
                        self.assertEqual(process.wait(60), 1)
                        report = json.loads(self.read("report"))
                        self.assertEqual(report["bytes_out"], len(out))
                        got.append((out, report["bytes_in"], process.stderr.read()))
                    self.assertEqual(got[0], got[1])
                    self.assertEqual(got[0], got[2])

    @staticmethod
    def feed(stream, data, size):
        """The last bytes piece by piece, to a reader that may have had enough."""
        try:
            stream.write(data[:-2000])
            stream.flush()
            for at in range(len(data) - 2000, len(data), size):
                stream.write(data[at:at + size])
                stream.flush()
        except BrokenPipeError:
            pass
        finally:
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    def test_a_refusal_leaves_no_output(self):
        with open(os.path.join(TESTDATA, "a", "exe.arm64"), "rb") as program:
            stale = program.read().replace(FROM, TO)
        result = self.rewrite("-r", TO, FROM, "-o", "out", stdin=gzip.compress(stale))
        self.assertEqual(result.status, 2)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_byte_at_a_time(self):
        process = self.start("rewrite", *self.rules(), stdin=subprocess.PIPE)
        for byte in gzip.compress(TEXT):
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
        out, _ = process.communicate(timeout=60)
        self.assertEqual(gzip.decompress(out), EXPECTED)

    def test_the_report(self):
        """Lengths are of the stream, the digest is of what was written."""
        result = self.rewrite(*self.rules(), "-o", "out", "--report", "-", stdin=gzip.compress(TEXT))
        report = json.loads(result.out)
        self.assertEqual((report["bytes_in"], report["bytes_out"]), (len(TEXT), len(TEXT)))
        self.assertEqual(report["sha256"], hashlib.sha256(self.read("out")).hexdigest())

    def test_nothing_but_a_beginning(self):
        for beginning in (b"", b"\x1f", b"\x1f\x8b", b"BZh9", b"BZh9 plain text", b"\xfd7zX"):
            result = self.rewrite(*self.rules(), stdin=beginning)
            self.assertEqual((result.status, result.out), (0, beginning))


if __name__ == "__main__":
    unittest.main()
