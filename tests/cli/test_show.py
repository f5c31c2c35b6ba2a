#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""show: its text, its JSON, its pictures, its statuses, and nothing in them that a file has smuggled in."""
import json
import os
import re
import shutil
import struct
import unittest
import xml.etree.ElementTree as ElementTree

from command import DOCS, FROM, TESTDATA, TO, CommandTest
from signing import cms_signed, commands

try:
    import jsonschema
except ImportError:
    jsonschema = None

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = b"<i>&\"'\x1b[31m\xff]]>"


def hostile(program):
    """The program with a section and an identifier of characters that mean something elsewhere."""
    data = bytearray(program)
    for command, at in commands(data):
        if command == 0x19 and data[at + 8:at + 24].rstrip(b"\0") == b"__TEXT":
            data[at + 72:at + 88] = HOSTILE.ljust(16, b"\0")
    at = data.index(bytes.fromhex("fade0c02"))
    name = at + struct.unpack_from(">I", data, at + 20)[0]
    end = data.index(b"\0", name)
    data[name:end] = HOSTILE[3:3 + end - name]
    return bytes(data)


class Text(CommandTest):
    def show(self, data, *arguments, status=0, **more):
        self.write("x", data)
        result = self.run_command("show", "x", *arguments, **more)
        self.assertEqual((result.status, result.err), (status, ""))
        return result.out.decode()

    def test_a_linker_signed_program(self):
        text = self.show(self.fixture("a/exe.arm64"))
        self.assertEqual(text.replace("–", "-"), """\
x: arm64 executable, 33600 bytes
  signature     ad-hoc, by a linker, 416 bytes at 33184
  verdict       valid
  CodeDirectory sha256, version 0x20400, slot 0x0, the kernel's choice
    cdhash        c18efb89f72b55fa2676ba9b678a1c0f5d7e42d4
    identifier    hello
    team          none
    flags         0x20002 (adhoc, linker-signed)
    pages         9 of 4096 bytes, up to 33184
    exec segment  16384 bytes at 0, flags 0x1 (main-binary)
    special slots 0
  blobs
    0x0           CodeDirectory, 392 bytes at 33208
  page map      9 pages of 4096 bytes
    0x0     =========
    = 9 valid
    header              0x0-0x460              page 0
    __TEXT,__text       0x480-0x4ac            page 0
    __TEXT,__stubs      0x4ac-0x4b8            page 0
    __TEXT,__cstring    0x4b8-0x503            page 0
    __TEXT,__const      0x1000-0x3404          pages 1-3
    __DATA_CONST,__got  0x4000-0x4008          page 4
    __LINKEDIT          0x8000-0x81a0          page 8
    signature           0x81a0-0x8340          page 8
""")

    def test_a_stale_page_is_in_the_map_and_with_its_section(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        data[2 * 4096] ^= 1
        text = self.show(data, status=2)
        self.assertIn("\n    0x0     ==X======\n    = 8 valid  X 1 stale\n", text)
        self.assertRegex(text, r"__TEXT,__const +0x1000–0x3404 +pages 1–3; stale: 2\n")
        self.assertRegex(text, r"\n  verdict       stale\n    kernel        1 of 9 pages: 2; sha256/4096 \(offset 8192\)\n")

    def test_each_image_and_one_of_them(self):
        text = self.show(self.fixture("a/half-signed"))
        self.assertEqual(re.findall(r"^x: (.*?) ", text, re.M), ["x86_64", "arm64"])
        self.assertRegex(text, r"(?s)x86_64.*signature     none\n.*arm64.*signature     ad-hoc, by a linker")
        text = self.show(self.fixture("a/half-signed"), "--arch", "arm64")
        self.assertEqual(re.findall(r"^x: (.*?) ", text, re.M), ["arm64"])

    def test_no_such_image(self):
        self.write("x", self.fixture("a/fat"))
        result = self.run_command("show", "--arch", "ppc", "x")
        self.assertEqual((result.status, result.out, result.err), (1, b"", "reseal: x: has no image for ppc, only for x86_64, arm64\n"))
        self.write("text", b"no program\n")
        self.assertEqual(self.run_command("show", "--arch", "arm64", "text").err, "reseal: text: not Mach-O\n")

    def test_what_is_no_program(self):
        self.write("x", b"#!/bin/sh\n")
        self.assertEqual(self.run_command("show", "x").lines(), ["reseal: x: not Mach-O"])
        self.assertEqual(self.run_command("show", "x").status, 1)
        self.assertEqual(self.run_command("show", "gone").status, 1)
        os.mkdir(self.path("folder"))
        result = self.run_command("show", "folder")
        self.assertEqual((result.status, result.lines()), (1, ["reseal: folder: is a folder, and no bundle; name a program in it"]))

    def test_a_pipe_by_its_name_is_not_waited_for(self):
        os.mkfifo(self.path("pipe"))
        result = self.run_command("show", "pipe")
        self.assertEqual((result.status, result.out), (1, b""))
        self.assertIn("pipe: is a pipe, neither a file nor a folder; give it as standard input: -", result.err)

    def test_a_bundle_stands_for_its_executable_and_has_what_that_seals(self):
        text = self.bundle("stale-info-plist.app", 2)
        self.assertRegex(text, r"\n      -1 +[0-9a-f]{64}  Info.plist: stale\n")
        self.assertRegex(text, r"\n      -3 +[0-9a-f]{64}  resources: right\n")
        self.assertRegex(self.bundle("profile-mismatch.app", 0), r"\n      -1 +[0-9a-f]{64}  Info.plist: right\n")

    def bundle(self, name, status):
        shutil.copytree(os.path.join(TESTDATA, "broken", name), self.path("x.app"), dirs_exist_ok=True)
        result = self.run_command("show", "x.app/")
        self.assertEqual((result.status, result.err), (status, ""))
        self.assertTrue(result.out.startswith(b"x.app/Contents/MacOS/tool: arm64 executable, "), result.out[:80])
        return result.out.decode()

    def test_standard_input(self):
        text = self.show(self.fixture("a/exe.arm64"))
        result = self.run_command("show", "-", stdin=self.fixture("a/exe.arm64"))
        self.assertEqual((result.status, result.out.decode()), (0, text.replace("x: ", "-: ", 1)))

    def test_a_cms_blob_is_named(self):
        text = self.show(cms_signed(self.fixture("a/exe.arm64")))
        self.assertIn("  signature     with a certificate (CMS), ", text)
        self.assertRegex(text, r"\n  signer        unread: .*\n")

    def test_the_hash_of_every_page(self):
        data = self.fixture("a/exe.arm64")
        at = data.index(bytes.fromhex("fade0c02"))
        slots = at + struct.unpack_from(">I", data, at + 16)[0]
        text = self.show(data, "--slots")
        for page in range(9):
            self.assertIn(f"\n      {page:<14}{data[slots + 32 * page:slots + 32 * page + 32].hex()}\n", text)
        self.assertNotIn(data[slots:slots + 32].hex(), self.show(data))

    def test_a_damaged_signature_shows_what_is_left(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        at = data.index(bytes.fromhex("fade0c02"))
        struct.pack_into(">I", data, at + 28, 0x7FFFFFFF)
        text = self.show(data, status=2)
        self.assertIn("    damaged       2147483647 code slots do not fit\n", text)
        self.assertIn("    identifier    hello\n", text)
        self.assertIn("    0x0     ?????????\n    ? 9 unknown\n", text)

    def test_every_prefix_of_a_program_ends_well(self):
        data = self.fixture("a/exe.arm64")
        begin = data.index(bytes.fromhex("fade0cc0"))
        for size in [*range(0, 1200, 97), *range(begin - 3, len(data), 41)]:
            self.write("x", data[:size])
            self.assertIn(self.run_command("show", "x").status, (1, 2), size)


class Screen(CommandTest):
    def shown_on_a_terminal(self, data, columns=None, **environment):
        self.write("x", data)
        for name in ("COLUMNS", "NO_COLOR"):
            self.environment.pop(name, None)
        self.environment.update({"TERM": "xterm", **environment})
        terminal, out = self.new_terminal()
        if columns:
            import fcntl
            import termios
            fcntl.ioctl(out, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        process = self.start("show", "x", stdout=out)
        os.close(out)
        return self.shown(terminal, process).decode().replace("\r\n", "\n")

    def test_colours_on_a_terminal_only_and_not_if_unwanted(self):
        data = self.fixture("a/exe.arm64")
        self.assertIn("\x1b[32m=========\x1b[0m\n", self.shown_on_a_terminal(data))
        self.assertNotIn("\x1b", self.shown_on_a_terminal(data, NO_COLOR="1"))
        self.assertNotIn("\x1b", self.shown_on_a_terminal(data, TERM="dumb"))
        self.assertIn("\x1b", self.shown_on_a_terminal(data, NO_COLOR=""))
        self.assertNotIn(b"\x1b", self.run_command("show", "x").out)

    def test_rows_are_as_wide_as_there_is_room(self):
        data = self.fixture("a/exe.arm64")
        begin = data.index(bytes.fromhex("fade0cc0"))
        long = data + bytes(300 * 4096 - len(data))  # pages that nothing covers
        self.assertGreater(begin, 0)

        def widths(text):
            rows = re.findall(r"^    0x[0-9a-f]+ +([=.]+)$", re.sub(r"\x1b\[[0-9;]*m", "", text), re.M)
            self.assertEqual(sum(map(len, rows)), 300)
            return {len(row) for row in rows[:-1]}

        self.assertEqual(widths(self.shown_on_a_terminal(long, columns=100)), {80})
        self.assertEqual(widths(self.shown_on_a_terminal(long, columns=100, COLUMNS="60")), {32})
        self.assertEqual(widths(self.shown_on_a_terminal(long, COLUMNS="nonsense")), {64})
        self.environment["COLUMNS"] = "1"
        self.assertEqual(widths(self.run_command("show", "x").out.decode()), {16})

    def test_a_large_file_has_few_rows_and_its_stale_page_is_seen(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        data[2 * 4096] ^= 1
        self.write("x", data)
        os.truncate(self.path("x"), 1 << 36)
        result = self.run_command("show", "x")
        rows = re.findall(r"^    0x[0-9a-f]+ +([=.X]+)$", result.out.decode(), re.M)
        self.assertLessEqual(len(rows), 24)
        self.assertEqual("".join(rows).count("X"), 1)
        self.assertRegex(result.out.decode(), r"16777216 pages of 4096 bytes, \d+ a character")

    def test_hostile_names_do_not_reach_the_terminal(self):
        self.write("x", hostile(self.fixture("a/exe.arm64")))
        text = self.run_command("show", "x").out.decode()
        self.assertIn("<i>&\"'\\x1b[31m\\xff]]", text)
        self.assertEqual([c for c in text if ord(c) < 32 and c != "\n" or 0x7F <= ord(c) < 0xA0], [])


class Json(CommandTest):
    def json_of(self, data, *arguments):
        self.write("x", data)
        result = self.run_command("show", "--json", "x", *arguments)
        self.assertEqual(result.err, "")
        self.assertEqual(result.out.count(b"\n"), 1)
        self.assertTrue(all(32 <= byte < 127 or byte == 10 for byte in result.out))
        return json.loads(result.out)

    def test_the_kernel_s_choice(self):
        shown = self.json_of(self.fixture("a/fat"))
        self.assertEqual([image["arch"] for image in shown["images"]], ["x86_64", "arm64"])
        directory = shown["images"][1]["codedirectories"][0]
        self.assertEqual((directory["cdhash"], directory["chosen"]), ("c18efb89f72b55fa2676ba9b678a1c0f5d7e42d4", True))
        self.assertEqual(shown["images"][1]["pages"]["runs"], [{"first": 0, "count": 9, "state": "valid"}])
        self.assertEqual(shown["images"][1]["status"], "valid")

    @unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
    def test_the_schema(self):
        with open(os.path.join(DOCS, "show.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        program = self.fixture("a/exe.arm64")
        broken = bytearray(program)
        broken[broken.index(bytes.fromhex("fade0c02")) + 37] = 9  # no known hash
        for name in ("a/exe.arm64", "a/fat64", "a/half-signed", "a/info-plist.arm64", "a/bundle.arm64"):
            validator.validate(self.json_of(self.fixture(name)))
        broken_files = os.path.join(TESTDATA, "broken")
        for name in sorted(os.listdir(broken_files)):
            path = os.path.join(broken_files, name)
            if os.path.isfile(path) and self.fixture("broken/" + name).startswith(b"\xcf\xfa\xed\xfe"):
                with self.subTest(name=name):
                    validator.validate(self.json_of(self.fixture("broken/" + name)))
        for data in (cms_signed(program), hostile(program), bytes(broken), program[:-100]):
            validator.validate(self.json_of(data, "--slots"))
        shown = self.json_of(program, "--slots")
        self.assertEqual(len(shown["images"][0]["codedirectories"][0]["slots"]), 9)
        shown["images"][0]["pages"]["runs"][0]["state"] = "perhaps"
        with self.assertRaises(jsonschema.ValidationError):
            validator.validate(shown)


class PictureTest(CommandTest):
    def picture(self, name):
        data = self.read(name)
        self.assertTrue(data.startswith(b"<?xml"))
        self.assertNotIn(b"href", data)  # whole in itself
        return ElementTree.fromstring(data)

    @staticmethod
    def texts(root):
        return [element.text for element in root.iter(SVG + "text")]

    @staticmethod
    def cells(root, style):
        """How many cells of one state there are."""
        return sum(int(each.get("width")) // 12 for each in root.iter(SVG + "rect")
                   if each.get("class") == style and each.find(SVG + "title") is not None)


class Picture(PictureTest):
    def test_pages_and_parts(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        data[2 * 4096] ^= 1
        self.write("x", data)
        self.assertEqual(self.run_command("show", "x", "--svg", "x.svg").status, 2)
        root = self.picture("x.svg")
        self.assertEqual((self.cells(root, "valid"), self.cells(root, "stale")), (8, 1))
        self.assertIn("__TEXT,__const", self.texts(root))
        self.assertIn("page 2: stale; __TEXT,__const", [title.text for title in root.iter(SVG + "title")])
        self.assertEqual(self.names(), ["x", "x.svg"])

    def test_hostile_names_are_text(self):
        self.write("x", hostile(self.fixture("a/exe.arm64")))
        name = "a<b>&\"'\x1b\x07.svg"
        os.rename(self.path("x"), self.path(name))
        self.assertEqual(self.run_command("show", name, "--svg", "out.svg").status, 2)
        root = self.picture("out.svg")
        self.assertIn("a<b>&\"'\\x1b\\x07.svg", self.texts(root))
        self.assertTrue(any("<i>&\"'\\x1b[31m\\xff]]" in text for text in self.texts(root)))
        self.assertEqual({element.tag for element in root.iter()} - {
            SVG + tag for tag in ("svg", "title", "style", "defs", "pattern", "path", "rect", "text", "g")}, set())

    def test_it_takes_the_place_of_no_file_that_is_read(self):
        self.write("x", self.fixture("a/exe.arm64"))
        for name in ("x", "./x", "-", ""):
            self.assertEqual(self.run_command("show", "x", "--svg", name).status, 1, name)
        self.assertEqual(self.read("x"), self.fixture("a/exe.arm64"))

    def test_a_picture_that_cannot_be_written_is_a_failure(self):
        self.write("x", self.fixture("a/exe.arm64"))
        self.assertEqual(self.run_command("show", "x", "--svg", "no/such/folder.svg").status, 1)
        self.write("none", b"no program")
        self.assertEqual(self.run_command("show", "none", "--svg", "x.svg").status, 1)
        self.assertEqual(self.names(), ["none", "x"])

class Map(PictureTest):
    """rewrite --map."""

    def touched(self, root):
        return self.cells(root, "touched")

    def test_of_a_file_it_has_all_pages_and_their_sections(self):
        self.write("x", self.fixture("a/exe.arm64"))
        result = self.rewrite("-r", FROM, TO, "x", "-o", "y", "--map", "y.svg")
        self.assertEqual(result.status, 0)
        root = self.picture("y.svg")
        report = json.loads(self.rewrite("-n", "-q", "-r", FROM, TO, "--report", "-", "x").out)
        slots = report["entries"][0]["images"][0]["codedirectories"][0]["slots_changed"]
        self.assertEqual((self.touched(root), self.cells(root, "valid")), (len(slots), 9 - len(slots)))
        self.assertIn("__TEXT,__cstring", self.texts(root))
        self.assertEqual(self.cells(root, "stale"), 0)
        self.assertEqual(self.read("y"), self.fixture("b/exe.arm64"))

    def test_of_a_stream_it_has_the_touched_ones(self):
        data = self.fixture("a/exe.arm64")
        for more in (["-o", "-"], ["-n"], ["--compress", "gzip", "-o", "y.gz"]):
            self.assertEqual(self.rewrite("-r", FROM, TO, *more, "--map", "y.svg", stdin=data).status, 0, more)
            root = self.picture("y.svg")
            self.assertGreater(self.touched(root), 0)
            self.assertEqual(self.cells(root, "valid"), 0)
            self.assertNotIn("__TEXT,__cstring", self.texts(root))
            os.remove(self.path("y.svg"))

    def test_of_an_archive_it_names_the_files(self):
        os.mkdir(self.path("tree"))
        self.write("tree/one", self.fixture("a/exe.arm64"))
        self.write("tree/two", self.fixture("a/fat"))
        self.write("tree/zero", b"nothing")
        dump = self.run_command("nar", "dump", "tree").out
        self.assertEqual(self.rewrite("-r", FROM, TO, "-o", "y", "--map", "y.svg", stdin=dump).status, 0)
        headings = [text for text in self.texts(self.picture("y.svg")) if text and "arm64" in text or "x86" in text]
        self.assertEqual([heading.lstrip("/") for heading in headings], ["one, arm64", "two, x86_64", "two, arm64"])

    def test_without_a_match_it_says_so(self):
        self.write("x", b"no program")
        self.assertEqual(self.rewrite("-r", "a", "b", "x", "-o", "y", "--map", "y.svg").status, 0)
        self.assertIn("no signed image was touched", self.texts(self.picture("y.svg")))

    def test_a_refused_rewrite_has_none(self):
        self.write("x", self.stale_program())
        self.assertEqual(self.rewrite("-r", FROM, TO, "x", "-o", "y", "--map", "y.svg").status, 2)
        self.assertEqual(self.names(), ["x"])

    def test_a_map_for_which_there_is_no_place_ends_it_before_it_begins(self):
        self.write("x", self.fixture("a/exe.arm64"))
        self.write("rules", FROM + b"\t" + TO + b"\n")
        for name in ("no/such/folder.svg", "x", "./y", "rules", "report", "-", ""):
            result = self.rewrite("--rules", "rules", "x", "-o", "y", "--report", "report", "--map", name)
            self.assertEqual(result.status, 1, name)
            self.assertEqual(self.names(), ["rules", "x"], name)


if __name__ == "__main__":
    unittest.main()
