#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""reseal refs: what is found and where, what is said of it, what cannot be read."""
import bz2
import gzip
import io
import json
import lzma
import os
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import unittest
import zipfile
import zlib

try:
    import jsonschema
except ImportError:
    jsonschema = None

from command import DOCS, CommandTest
from unseekable import Unseekable

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from nar import directory, folder, link, nar, regular
from ref_scan import DIGITS, ref_scan

CHANCE = random.Random(5)
HASHES = sorted("".join(chr(CHANCE.choice(DIGITS)) for _ in range(32)) for _ in range(40))
PATHS = ["/nix/store/%s-package-%d" % each for each in zip(HASHES, range(40))]
A, B, C = PATHS[:3]
HASH_A, HASH_B, HASH_C = (each.encode() for each in HASHES[:3])


def zip_of(*members, **more):
    """Of (name, data, method), sizes in front."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **more) as file:
        for name, data, method in members:
            file.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def streamed_zip(*members):
    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            with file.open(name, "w") as member:
                member.write(data)
    return out.getvalue()


class RefsTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("candidates", ("\n".join(PATHS) + "\n").encode())

    def refs(self, *arguments, **more):
        return self.run_command("refs", "--candidates", "candidates", *arguments, **more)

    def paths(self, *arguments, **more):
        result = self.refs(*arguments, **more)
        self.assertEqual((result.status, result.err), (0, ""))
        return result.out.decode().splitlines()

    def lines(self, *arguments, status=0, **more):
        result = self.refs("--json", *arguments, **more)
        self.assertEqual(result.status, status, result.err)
        return [json.loads(line) for line in result.out.splitlines()]

    def make_tree(self):
        os.makedirs(self.path("tree/bin"))
        self.write("tree/bin/tool", b"\x7fELF" + bytes(100) + A.encode() + b"/lib:" + HASH_A)
        os.symlink(B + "/lib", self.path("tree/lib"))
        self.write("tree/" + os.path.basename(C) + ".conf", b"")
        return "tree"


class Found(RefsTest):
    def test_a_name_or_a_target_does_not_count(self):
        tree = self.make_tree()
        self.assertEqual(self.paths(tree), [A, B, C])
        archive = self.run_command("nar", "dump", tree).out
        self.assertEqual(self.paths("-", stdin=archive), [A, B, C])
        self.write("archive", archive)
        self.assertEqual(self.paths("archive"), [A, B, C])

    def test_the_restated_search_of_nix_finds_others(self):
        chance = random.Random(6)
        for round in range(30):
            data = b""
            while len(data) < 3000:
                one = HASHES[chance.randrange(40)].encode()
                data += chance.choice([one, one[:chance.randrange(32)], one[chance.randrange(32):], chance.randbytes(5), b"-", b"e",
                                       bytes(chance.choices(DIGITS, k=chance.randrange(70))), b"/nix/store/"])
            hashes = chance.sample(HASHES, 1 + chance.randrange(40))
            self.write("candidates", "\n".join(hashes).encode())
            expected = sorted(each.decode() for each in ref_scan(data, [each.encode() for each in hashes]))
            with self.subTest(round=round):
                self.assertEqual(self.paths("-", stdin=data), expected)
                stream = nar(directory((b"a", regular(data)), (b"b", link(data.replace(b"\0", b"")[:3000]))))
                expected = sorted(each.decode() for each in ref_scan(stream, [each.encode() for each in hashes]))
                self.assertEqual(self.paths("-", stdin=stream), expected)

    @unittest.skipUnless(shutil.which("nix-store"), "there is no nix-store")
    def test_the_archive_is_not_what_nix_would_search(self):
        tree = self.make_tree()
        environment = {**self.environment, "NIX_STORE_DIR": self.path("store"), "NIX_STATE_DIR": self.path("state"),
                       "NIX_LOG_DIR": self.path("log"), "NIX_CONF_DIR": self.path("etc"), "NIX_REMOTE": "", "HOME": self.path("home")}
        archive = subprocess.run(["nix-store", "--dump", self.path(tree)], env=environment, stdout=subprocess.PIPE, check=True).stdout
        found = ref_scan(archive, [each.encode() for each in HASHES])
        self.assertEqual(self.paths(tree), [path for path, part in zip(PATHS, HASHES) if part.encode() in found])

    def test_chunks_of_a_pipe_hide_one(self):
        process = self.start("refs", "--candidates", "candidates", "--positions", "-", stdin=subprocess.PIPE)
        for byte in b"x" * 600 + HASH_A + HASH_B:  # the kind of stream is known after 512
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
        process.stdin.close()
        self.assertEqual(process.stdout.read().decode(), "%s  .: 600\n%s  .: 632\n" % (A, B))
        self.assertEqual(process.wait(60), 0)

    def test_wide(self):
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            data = ("x" + A).encode(encoding)
            self.assertEqual(self.paths("-", stdin=data), [])
            self.assertEqual(self.paths("--wide", "-", stdin=data), [A])

    def test_a_link_is_followed(self):
        self.write("tree", HASH_A)
        os.symlink("tree", self.path("to-file"))
        os.mkdir(self.path("folder"))
        self.write("folder/x", HASH_A)
        os.symlink("folder", self.path("to-" + HASHES[1]))
        os.symlink(A, self.path("dangling"))
        self.assertEqual(self.paths("to-file"), [])
        self.assertEqual(self.paths("to-" + HASHES[1]), [])
        self.assertEqual(self.paths("to-" + HASHES[1] + "/"), [A])
        self.assertEqual(self.paths("dangling"), [A])

    def test_a_stream_by_its_name_is_taken_for_a_link(self):
        reading, writing = os.pipe()
        os.write(writing, HASH_A)
        os.close(writing)
        self.assertEqual(self.paths("/dev/fd/%d" % reading, pass_fds=[reading]), [A])
        os.close(reading)


class Candidates(RefsTest):
    def test_every_form(self):
        self.write("candidates", b"# comment\n\n%s\n%s-name\n/gnu/store/%s-x" % (HASH_A, HASH_B, HASH_C))
        data = HASH_A + HASH_B + HASH_C
        self.assertEqual(self.paths("-", stdin=data), [HASHES[0], HASHES[1] + "-name", "/gnu/store/%s-x" % HASHES[2]])

    def test_the_first_name_of_a_hash_part_is_lost(self):
        self.write("candidates", b"%s-one\n%s-two\n" % (HASH_A, HASH_A))
        self.assertEqual(self.paths("-", stdin=HASH_A), [HASHES[0] + "-one"])

    def test_a_line_that_is_none(self):
        for wrong in (b"x", HASH_A[1:], HASH_A + b"0", b"e" * 32, A.encode() + b"/bin/x", b" " + HASH_A, b"/" * 5000):
            self.write("candidates", b"\n" + wrong + b"\n")
            result = self.refs("-", stdin=HASH_A)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertTrue(result.err.startswith("reseal: candidates: line 2: "), result.err)

    def test_standard_input(self):
        self.write("in", HASH_A)
        result = self.run_command("refs", "--candidates", "-", "in", stdin=A.encode())
        self.assertEqual((result.status, result.out.decode()), (0, A + "\n"))

    def test_what_a_store_holds(self):
        os.mkdir(self.path("store"))
        for name in (os.path.basename(A), os.path.basename(A) + ".lock", ".links", "trash", HASHES[1], HASHES[2] + "x"):
            self.write("store/" + name, b"")
        os.symlink("store", self.path("linked"))
        data = HASH_A + HASH_B + HASH_C
        for given in ("store", "store/", "linked"):
            result = self.run_command("refs", "--store", given, "-", stdin=data)
            prefix = given.rstrip("/") + "/"
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertEqual(result.out.decode().splitlines(), [prefix + os.path.basename(A), prefix + HASHES[1]])
        self.environment["NIX_STORE_DIR"] = self.path("store")
        result = self.run_command("refs", "-", stdin=HASH_A)
        self.assertEqual((result.status, result.out.decode()), (0, self.path("store/" + os.path.basename(A)) + "\n"))

    def test_there_is_no_store(self):
        self.environment["NIX_STORE_DIR"] = self.path("none")
        result = self.run_command("refs", "-", stdin=HASH_A)
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertIn("none: cannot list: ", result.err)
        self.assertIn("--candidates", result.err)

    def test_nothing_to_look_for_goes_unsaid(self):
        self.write("candidates", b"")
        result = self.refs("-", stdin=HASH_A)
        self.assertEqual((result.status, result.out, result.err), (0, b"", "reseal: note: there is nothing to look for\n"))


class Positions(RefsTest):
    def test_a_place_is_that_of_another_entry(self):
        tree = self.make_tree()
        expected = ["%s  bin/tool: 115, 164" % A, "%s  lib (target): 11" % B, "%s  %s.conf (name): 0" % (C, os.path.basename(C))]
        tool = self.read("tree/bin/tool")
        first = tool.index(HASH_A)
        expected[0] = "%s  bin/tool: %d, %d" % (A, first, tool.index(HASH_A, first + 1))
        self.assertEqual(self.paths("--positions", tree), expected)
        archive = self.run_command("nar", "dump", tree).out
        self.assertEqual(self.paths("--positions", "-", stdin=archive), expected)

    def test_entries_of_a_tape_archive(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for name, data in (("one", b"xyz" + HASH_A), (HASHES[1], b""), ("d" * 150 + HASHES[2], HASH_A)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            info = tarfile.TarInfo("link")
            info.type, info.linkname = tarfile.SYMTYPE, "../" + HASHES[1]
            tar.addfile(info)
        places = [(line["hash_part"], place["path"], place["part"], place["offset"])
                  for line in self.lines("--positions", "-", stdin=out.getvalue()) for place in line["positions"]]
        self.assertIn((HASHES[0], "one", "contents", 3), places)
        self.assertIn((HASHES[0], "d" * 150 + HASHES[2], "contents", 0), places)
        self.assertIn((HASHES[1], HASHES[1], "name", 0), places)
        self.assertIn((HASHES[1], "link", "target", 3), places)

    def test_a_tape_archive_that_is_malformed_from_its_first_header_on(self):
        block = bytearray(tarfile.TarInfo("f").tobuf(tarfile.USTAR_FORMAT))
        block[124:136] = b"no number at"
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
        result = self.refs("--positions", "-", stdin=bytes(block) + HASH_A)
        self.assertEqual((result.status, result.out.decode()), (1, "%s   (framing): 512\n" % A))
        self.assertIn("a header with a size that is no number", result.err)

    def places_of_a_link(self, records, field):
        """Of a link in a tape archive with these records in its extended header, and this in the field of both headers."""
        data = b"".join(b"%03d %s=%s\n" % (len(key) + len(value) + 6, key, value) for key, value in records)
        stream = b""
        for name, kind, size in (("x", tarfile.XHDTYPE, len(data)), ("l", tarfile.SYMTYPE, 0)):
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, size, field
            stream += info.tobuf(tarfile.USTAR_FORMAT) + (data.ljust(-(-size // 512) * 512, b"\0") if size else b"")
        return sorted((line["hash_part"], place["path"], place["part"], place["offset"])
                      for line in self.lines("--positions", "-", stdin=stream + bytes(1024)) for place in line["positions"])

    def test_a_target_in_two_forms(self):
        long = "/\u00e9/".encode() + HASH_A + b"/" + b"l" * 120 + HASH_B
        self.assertEqual(self.places_of_a_link([(b"linkpath", long)], "/?/" + HASHES[0]), sorted(
            [(HASHES[0], "l", "target", 3)] * 2 + [(HASHES[0], "l", "target", 4), (HASHES[1], "l", "target", 157)]))

    def test_a_target_in_front_of_the_name(self):
        self.assertEqual(self.places_of_a_link([(b"linkpath", b"/" + HASH_A), (b"path", b"x/" + HASH_A)], ""), sorted(
            [(HASHES[0], "x/" + HASHES[0], "target", 1), (HASHES[0], "x/" + HASHES[0], "name", 2)]))

    def test_many_small_files_and_one_that_is_large(self):
        chance = random.Random(7)
        entries, expected = [], {part: [] for part in HASHES}
        for number in range(300):
            data = b""
            for _ in range(chance.randrange(4)):
                data += chance.randbytes(chance.randrange(2000 if number % 100 else 300000))
                expected[HASHES[which := chance.randrange(40)]].append(("f%03d" % number, "contents", len(data)))
                data += HASHES[which].encode()
            entries.append((b"f%03d" % number, regular(data)))
        found = {line["hash_part"]: [(p["path"], p["part"], p["offset"]) for p in line["positions"]]
                 for line in self.lines("--positions", "-", stdin=nar(directory(*entries)))}
        self.assertEqual(found, {part: places for part, places in expected.items() if places})

    def test_an_archive_that_is_cut_short_goes_unnoticed(self):
        stream = nar(folder(a=regular(HASH_A), b=regular(b"x" * 1000 + HASH_B)))
        self.write("in", stream[:-40])
        result = self.refs("--positions", "in")
        self.assertEqual((result.status, result.out.decode()), (1, "%s  a: 0\n%s  b: 1000\n" % (A, B)))
        self.assertRegex(result.err, r"^reseal: in: b: the archive ends too early \(offset \d+\)\n$")

    def test_behind_what_is_malformed_all_is_searched(self):
        stream = nar(directory((b"b", regular(b"")), (b"a", regular(HASH_A))))
        result = self.refs("--positions", "-", stdin=stream)
        self.assertEqual((result.status, result.out.decode()), (1, "%s  b (framing): %d\n" % (A, stream.index(HASH_A))))

    def test_a_line_becomes_endless(self):
        lines = self.paths("--positions", "-", stdin=HASH_A * 1000)
        self.assertEqual(lines, ["%s  .: %s … and 980 more" % (A, ", ".join(str(32 * i) for i in range(20)))])
        (line,) = self.lines("--positions", "-", stdin=HASH_A * 1000)
        self.assertEqual((line["count"], len(line["positions"])), (1000, 1000))


class Inside(RefsTest):
    def inside(self, data, *more, status=0):
        """(hash part, layers, positions)."""
        lines = self.lines("--inside", "--positions", "-", *more, stdin=data, status=status)
        return [(line["hash_part"], [tuple(each.values()) for each in line["inside"]["layers"]],
                 [place["offset"] for place in line["positions"]]) for line in lines if line.get("inside") and "count" in line]

    def compressors(self):
        yield "gzip", gzip.compress
        yield "bzip2", bz2.compress
        yield "xz", lzma.compress
        if shutil.which("zstd"):
            yield "zstd", lambda data: subprocess.run(["zstd", "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout

    def test_every_format(self):
        data = b"x" * 100000 + HASH_A + b"y" * 50 + HASH_B
        for name, compress in self.compressors():
            with self.subTest(format=name):
                expected = [(HASHES[0], [(name, None)], [100000]), (HASHES[1], [(name, None)], [100082])]
                self.assertEqual(self.inside(compress(data)), expected)

    def test_several_members_of_one_stream(self):
        data = gzip.compress(HASH_A[:16]) + gzip.compress(HASH_A[16:])
        self.assertEqual(self.inside(data), [(HASHES[0], [("gzip", None)], [0])])

    def test_zip(self):
        members = [("stored", b"1" + HASH_A, zipfile.ZIP_STORED), ("empty", b"", zipfile.ZIP_STORED),
                   ("dir/deflated", b"12" + HASH_A * 2 + b"z" * 200000 + HASH_B, zipfile.ZIP_DEFLATED),
                   ("bzip2", HASH_C, zipfile.ZIP_BZIP2)]
        data = zip_of(*members)
        expected = [(HASHES[0], [("zip", "stored")], [1]), (HASHES[0], [("zip", "dir/deflated")], [2, 34]),
                    (HASHES[1], [("zip", "dir/deflated")], [200066]), (HASHES[2], [("zip", "bzip2")], [0])]
        self.assertEqual(self.inside(data), expected)
        self.assertEqual(self.paths("-", stdin=data), [A])  # what is stored stands there
        out = self.refs("--inside", "-", stdin=data).out.decode().splitlines()
        self.assertEqual(out, [A, A + "  inside .: zip, stored: stored", A + "  inside .: zip: dir/deflated",
                               B + "  inside .: zip: dir/deflated", C + "  inside .: zip: bzip2"])

    def test_zip_with_the_sizes_behind(self):
        data = streamed_zip(("a", HASH_A + bytes(70000)), ("empty", b""), ("b", b"1" + HASH_B))
        self.assertEqual(self.inside(data), [(HASHES[0], [("zip", "a")], [0]), (HASHES[1], [("zip", "b")], [1])])

    def by_hand(self, *members, sizes=struct.Struct("<III"), signature=b"PK\7\x08"):
        """Members with what zipfile never writes behind them."""
        out = b""
        for name, data in members:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = packer.compress(data) + packer.flush()
            out += struct.pack("<4s5H3I2H", b"PK\3\4", 20, 8, 8, 0, 0, 0, 0, 0, len(name), 0) + name + packed
            out += signature + sizes.pack(zlib.crc32(data), len(packed), len(data))
        return out + b"PK\1\2" + bytes(42) + b"PK\5\6" + bytes(18)

    def test_the_sizes_behind_have_four_forms(self):
        for sizes in (struct.Struct("<III"), struct.Struct("<IQQ")):
            for signature in (b"PK\7\x08", b""):
                with self.subTest(sizes=sizes.format, signature=signature):
                    data = self.by_hand((b"a", HASH_A), (b"n", b""), (b"b", HASH_B), sizes=sizes, signature=signature)
                    self.assertEqual(self.inside(data), [(HASHES[0], [("zip", "a")], [0]), (HASHES[1], [("zip", "b")], [0])])

    def test_zip64(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in (("a", HASH_A), ("b", HASH_B)):
                with file.open(name, "w", force_zip64=True) as member:
                    member.write(data)
        self.assertIn(b"\xff" * 8, out.getvalue())
        self.assertEqual(len(self.inside(out.getvalue())), 2)

    def test_a_member_that_cannot_be_read_hides_the_next(self):
        for change, said, status in ((("flags", 1), "the member is encrypted", 0), (("method", 97), "compressed by method 97", 1),
                                     (("data", None), "the member is corrupt", 0)):
            data = bytearray(zip_of(("bad", b"abc" * 100, zipfile.ZIP_DEFLATED), ("good", HASH_A, zipfile.ZIP_DEFLATED)))
            if change[0] == "data":
                data[33:36] = b"\xff\xff\xff"
            else:
                at = {"flags": 6, "method": 8}[change[0]]
                data[at:at + 2] = change[1].to_bytes(2, "little")
            with self.subTest(said=said):
                self.assertEqual(self.inside(bytes(data), status=status), [(HASHES[0], [("zip", "good")], [0])])
                self.assertIn(said, self.refs("--inside", "-", stdin=bytes(data)).err)

    def test_every_beginning_of_a_zip_file(self):
        data = self.by_hand((b"a", HASH_A))[:-68] + zip_of(("b", HASH_B, zipfile.ZIP_STORED))
        end = data.index(b"PK\1\2") + 4
        for size in range(4, end + 1):
            result = self.refs("--inside", "-", stdin=data[:size])
            self.assertEqual((result.status, len(result.err.splitlines())), (0, int(size < end)), (size, result.err))

    def test_a_broken_stream_is_silent(self):
        for name, compress in self.compressors():
            data = compress(HASH_A + random.Random(1).randbytes(100000))
            result = self.refs("--inside", "--json", "-", stdin=data[:-1000])
            self.assertEqual(result.status, 0)
            self.assertRegex(result.err, r"^reseal: note: \.: %s: the %s stream is cut short" % (name, name))
            lines = [json.loads(line) for line in result.out.splitlines()]
            self.assertIn("cut short", lines[-1]["unread"])
            self.assertIn("is followed by something else", self.refs("--inside", "-", stdin=data + b"x" * 100).err)

    def test_what_is_broken_within_spoils_what_is_around_it(self):
        data = zip_of(("bad.gz", gzip.compress(HASH_A)[:-4], zipfile.ZIP_DEFLATED), ("good.gz", gzip.compress(HASH_B), zipfile.ZIP_STORED))
        self.assertEqual(self.inside(data), [(HASHES[0], [("zip", "bad.gz"), ("gzip", None)], [0]),
                                             (HASHES[1], [("zip", "good.gz"), ("gzip", None)], [0])])

    def test_layers(self):
        one = gzip.compress(HASH_A)
        two = zip_of(("m", one, zipfile.ZIP_DEFLATED))
        three = lzma.compress(two)
        layers = [("xz", None), ("zip", "m"), ("gzip", None)]
        self.assertEqual(self.inside(three), [(HASHES[0], layers, [0])])
        result = self.refs("--inside", "-", stdin=bz2.compress(three))
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertEqual(result.err, "reseal: .: bzip2: xz: zip: m: there is a layer more than the 3 that are looked into\n")

    def test_files_of_a_tree(self):
        os.makedirs(self.path("tree/share/man"))
        self.write("tree/share/man/x.1.gz", gzip.compress(b"12" + HASH_A))
        self.write("tree/app.jar", streamed_zip(("META-INF/MANIFEST.MF", HASH_B)))
        self.write("tree/plain", HASH_C)
        self.write("tree/short", b"\x1f\x8b")
        expected = [C, B + "  inside app.jar: zip: META-INF/MANIFEST.MF", A + "  inside share/man/x.1.gz: gzip"]
        self.assertEqual(self.paths("--inside", "tree"), expected)
        archive = self.run_command("nar", "dump", "tree").out
        self.assertEqual(self.paths("--inside", "-", stdin=archive), expected)
        self.assertEqual(self.paths("--inside", "--positions", "tree"), [C + "  plain: 0", expected[1] + ": 0", expected[2] + ": 2"])

    def test_wide(self):
        data = gzip.compress(A.encode("utf-16"))
        self.assertEqual(self.paths("--inside", "-", stdin=data), [])
        self.assertEqual(self.paths("--inside", "--wide", "-", stdin=data), [A + "  inside .: gzip"])

    def test_a_name_cannot_break_a_line(self):
        data = zip_of(("a\n\x1b[31m", HASH_A, zipfile.ZIP_DEFLATED))
        self.assertEqual(self.refs("--inside", "-", stdin=data).out.decode(), A + "  inside .: zip: a\\x0a\\x1b[31m\n")
        self.assertEqual(self.inside(data)[0][1], [("zip", "a\n\x1b[31m")])


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Schema(RefsTest):
    def test_lines(self):
        with open(os.path.join(DOCS, "refs.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        tree = self.make_tree()
        self.write("tree/x.gz", gzip.compress(HASH_A * 3)[:-2])
        self.write("tree/x.jar", zip_of(("\udcffm".encode("utf-8", "surrogateescape").decode("latin-1"), HASH_A, zipfile.ZIP_STORED)))
        for options in ([], ["--positions"], ["--inside"], ["--inside", "--positions"]):
            lines = self.lines(*options, tree)
            self.assertEqual(len(lines), 3 + (3 if "--inside" in options else 0))
            for line in lines:
                validator.validate(line)
        good = lines[0]
        for change in ({"count": 0}, {"hash_part": "x"}, {"more": 1}, {"inside": "x.gz"}, {"unread": "x"},
                       {"positions": [{**good["positions"][0], "part": "middle"}]}):
            with self.subTest(change=change), self.assertRaises(jsonschema.ValidationError):
                validator.validate({**good, **change})
        for key in ("reference", "hash_part", "count", "inside"):
            with self.subTest(missing=key), self.assertRaises(jsonschema.ValidationError):
                validator.validate({k: v for k, v in good.items() if k != key})


class Usage(RefsTest):
    WRONG = [([], "PATH: "), ([""], "PATH: "), (["a", "b"], "PATH: "), (["--candidates"], "--candidates: "), (["--frob", "a"], "--frob: "),
             (["--candidates", "", "a"], "--candidates: "), (["--store", "", "a"], "--store: "), (["--json=1", "a"], "--json: "),
             (["--store", "x", "--candidates", "y", "a"], "--store: "), (["--candidates", "-", "-"], "--candidates: ")]

    def test_usage(self):
        for arguments, named in self.WRONG:
            with self.subTest(arguments=arguments):
                result = self.run_command("refs", *arguments)
                self.assertEqual((result.status, result.out), (1, b""))
                self.assertIn(named, result.lines()[0])
                self.assertEqual(result.lines()[1:], ["reseal: see reseal refs --help"])

    def test_what_cannot_be_opened(self):
        for arguments, named in ((["none"], "none: cannot open"), (["/dev/null/x"], "/dev/null/x: cannot open")):
            result = self.refs(*arguments)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertIn(named, result.err)
        os.mkdir(self.path("tree"))
        os.mkfifo(self.path("tree/pipe"))
        result = self.refs("tree")
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertIn("tree/pipe: neither a regular file nor a folder", result.err)

    def test_help(self):
        result = self.run_command("refs", "--help")
        self.assertEqual((result.status, result.err), (0, ""))
        for word in ("--candidates FILE", "--store DIR", "--positions", "--wide", "--inside", "--json", "PATH", "Examples:", "Exit status:"):
            self.assertIn(word, result.out.decode())
        self.assertLessEqual(max(map(len, result.out.decode().splitlines())), 90)
        self.assertIn("refs", self.run_command("--help").out.decode())


if __name__ == "__main__":
    unittest.main()
