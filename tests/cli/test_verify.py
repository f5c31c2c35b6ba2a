#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""verify: which files it looks at, its lines, its JSON, its statuses."""
import bz2
import gzip
import io
import json
import lzma
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import unittest

from command import FROM, TESTDATA, CommandTest
from signing import cms_signed

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import nar

KEYS = ["path", "entry", "arch", "offset", "status", "layer", "codedirectories", "problems", "notes"]


class Lines(CommandTest):
    def test_a_valid_program(self):
        self.write("x", self.fixture("a/exe.arm64"))
        result = self.run_command("verify", "x")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(result.out, b"x  arm64  valid  9 pages; sha256/4096\n")

    def test_a_stale_page_is_numbered(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        data[2 * 4096] ^= 1
        data[5 * 4096 - 1] ^= 1
        self.write("x", data)
        result = self.run_command("verify", "x")
        self.assertEqual((result.status, result.err), (2, ""))
        self.assertEqual(result.out, b"x  arm64  stale  2 of 9 pages: 2, 4; sha256/4096 | the kernel objects\n")

    def test_each_image_has_a_line(self):
        self.write("fat", self.fixture("a/half-signed"))
        result = self.run_command("verify", "fat")
        self.assertEqual(result.status, 0)
        lines = result.out.decode().splitlines()
        self.assertRegex(lines[0], r"^fat  x86_64  unsigned")
        self.assertRegex(lines[1], r"^fat  arm64  valid  9 pages; sha256/4096$")
        self.assertEqual(lines[2:], ["2 images, 0 bad"])

    def test_unsigned_is_bad_for_arm64_only(self):
        self.write("x", self.fixture("a/unsigned.x86_64"))
        self.assertEqual(self.run_command("verify", "x").status, 0)
        self.write("x", self.fixture("a/unsigned.arm64"))
        result = self.run_command("verify", "x")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"^x  arm64  unsigned")

    def test_unbound(self):
        data = cms_signed(self.fixture("a/exe.arm64"))
        self.write("x", data)
        self.assertEqual(self.run_command("verify", "x").status, 0)
        self.write("x", data[:-100] + bytes(100))
        result = self.run_command("verify", "x")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"^x  arm64  unbound  .* \| codesign objects\n$")

    def test_malformed(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        at = data.index(bytes.fromhex("fade0cc0"))
        data[at + 8:at + 12] = b"\xff\xff\xff\xff"  # the SuperBlob's count
        self.write("x", data)
        result = self.run_command("verify", "x")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"^x  arm64  malformed  .*\(offset \d+\) \| the kernel objects\n$")

    def test_strict_sees_what_lies_behind_the_signature(self):
        self.write("x", self.fixture("a/exe.arm64") + b"more")
        self.assertEqual(self.run_command("verify", "x").status, 0)
        result = self.run_command("verify", "--strict", "x")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out.decode(), r"^x  arm64  .*\(offset \d+\) \| strict mode objects$")

    def test_a_named_file_that_is_none(self):
        self.write("text", b"hello")
        self.write("empty", b"")
        result = self.run_command("verify", "text", "empty")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(result.out, b"text  not Mach-O\nempty  not Mach-O\n")

    def test_a_name_cannot_break_a_line(self):
        self.write("a\nb\x1b", b"hello")
        self.assertEqual(self.run_command("verify", "a\nb\x1b").out, b"a\\x0ab\\x1b  not Mach-O\n")


class Inputs(CommandTest):
    def setUp(self):
        super().setUp()
        self.good = self.fixture("a/exe.arm64")

    def test_standard_input(self):
        result = self.run_command("verify", "-", stdin=self.good)
        self.assertEqual((result.status, result.out), (0, b"-  arm64  valid  9 pages; sha256/4096\n"))
        self.assertEqual(self.names(), [])  # $TMPDIR

    def test_standard_input_from_its_first_byte_or_not(self):
        self.write("x", b"0123456789" + self.good)
        for offset, word in ((0, b"not Mach-O"), (10, b"valid")):
            with open(self.path("x"), "rb") as file:
                os.lseek(file.fileno(), offset, os.SEEK_SET)
                result = self.run_command("verify", "-", stdin_from=file)
            self.assertEqual(result.status, 0)
            self.assertIn(word, result.out)

    def test_a_pipe_by_its_name(self):
        result = subprocess.run(["bash", "-c", 'exec "$0" verify <(cat x)', os.environ["RESEAL"]], cwd=self.folder,
                                capture_output=True, timeout=60, check=False) if self.write("x", self.good) else None
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"  arm64  valid  ", result.stdout)

    def test_a_pipe_or_device_of_a_folder_is_not_waited_for(self):
        os.mkfifo(self.path("pipe"))
        os.symlink("pipe", self.path("link"))
        for name, what in (("pipe", "pipe"), ("link", "pipe"), ("/dev/zero", "device")):
            result = self.run_command("verify", name)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertEqual(result.lines(), [f"reseal: {name}: is a {what}, neither a file nor a folder; "
                                              "give it as standard input: -"])

    def test_more_files_than_may_be_open(self):
        names = [f"x{i}" for i in range(200)]
        for name in names:
            self.write(name, self.good)
        result = self.run_command("verify", "-q", *names,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.assertEqual((result.status, result.err), (0, ""))

    def test_what_is_no_program_is_not_read_to_its_end(self):
        with open("/dev/zero", "rb") as endless:
            result = self.run_command("verify", "-", stdin_from=endless)
        self.assertEqual((result.status, result.out), (0, b"-  not Mach-O\n"))
        with open(self.path("large"), "wb") as file:
            file.truncate(1 << 40)
        self.assertEqual(self.run_command("verify", "large").out, b"large  not Mach-O\n")

    def test_a_folder_is_searched_in_order_and_links_are_not_followed(self):
        for folder in ("d", "d/b", "d/b/deep", "elsewhere"):
            os.mkdir(self.path(folder))
        self.write("d/b/deep/x", self.good)
        self.write("d/a", self.good)
        self.write("d/c", self.good)
        self.write("d/text", b"hello")
        self.write("elsewhere/bad", self.stale_program())
        os.symlink("../elsewhere", self.path("d/link"))
        os.symlink("../elsewhere/bad", self.path("d/linked"))
        os.symlink("..", self.path("d/b/up"))
        os.mkfifo(self.path("d/fifo"))
        for name in ("d", "d/"):
            result = self.run_command("verify", name)
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertEqual([line.split("  ")[0] for line in result.out.decode().splitlines()],
                             ["d/a", "d/b/deep/x", "d/c", "3 images, 0 bad"])

    def test_a_named_link_is_followed(self):
        os.mkdir(self.path("d"))
        self.write("d/x", self.good)
        os.symlink("d", self.path("folder"))
        os.symlink("d/x", self.path("file"))
        result = self.run_command("verify", "folder", "file")
        self.assertEqual([line.split("  ")[0] for line in result.out.decode().splitlines()],
                         ["folder/x", "file", "2 images, 0 bad"])

    def test_names_arrive_as_they_are(self):
        for name in ("[a,b]", "++", "--json", "-"):
            self.write(name, b"hello")
        result = self.run_command("verify", "[a,b]", "++", "--", "--json")
        self.assertEqual(result.out, b"[a,b]  not Mach-O\n++  not Mach-O\n--json  not Mach-O\n")

    def test_an_unreadable_file_does_not_stop_the_others_and_1_wins(self):
        self.write("good", self.good)
        self.write("bad", self.stale_program())
        result = self.run_command("verify", "missing", "good", "bad")
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines(), ["reseal: missing: cannot open: No such file or directory"])
        self.assertIn(b"good  arm64  valid", result.out)
        self.assertIn(b"bad  arm64  stale", result.out)
        self.assertEqual(self.run_command("verify", "bad", "missing").status, 1)
        self.assertEqual(self.run_command("verify", "good", "bad").status, 2)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_what_may_not_be_read_in_a_folder(self):
        os.mkdir(self.path("d"))
        os.mkdir(self.path("d/closed"), 0)
        self.write("d/x", self.good)
        os.chmod(self.path(self.write("d/y", self.good)), 0)
        result = self.run_command("verify", "d")
        os.chmod(self.path("d/closed"), 0o700)
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines(), ["reseal: d/closed: cannot list: Permission denied", "reseal: d/y: cannot open: Permission denied"])
        self.assertIn(b"d/x  arm64  valid", result.out)

    def test_a_full_disk_and_a_broken_pipe(self):
        with open("/dev/full", "wb") as full:
            result = self.run_command("verify", "-", stdin=self.good, stdout=full)
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines(), ["reseal: standard output: cannot write: No space left on device"])
        read, write = os.pipe()
        os.close(read)
        result = self.run_command("verify", TESTDATA, stdout=write)
        os.close(write)
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines(), ["reseal: standard output: cannot write: Broken pipe"])


class Levels(CommandTest):
    def test_the_kernel_does_not_look_at_cms(self):
        self.write("x", cms_signed(self.fixture("a/exe.arm64"))[:-100] + bytes(100))
        self.assertEqual(self.run_command("verify", "--level", "codesign", "x").status, 2)
        result = self.run_command("verify", "--level=kernel", "x")
        self.assertEqual((result.status, result.out), (0, b"x  arm64  valid  9 pages; sha256/4096\n"))

    def test_a_program_in_a_wide_universal_file_is_only_the_kernels_trouble(self):
        thin = self.fixture("a/exe.arm64")
        arch = b"".join(n.to_bytes(size, "big") for n, size in ((0x0100000c, 4), (0, 4), (16384, 8), (len(thin), 8), (14, 4), (0, 4)))
        self.write("x", (b"\xca\xfe\xba\xbf\0\0\0\1" + arch).ljust(16384, b"\0") + thin)
        self.assertEqual(self.run_command("verify", "x").status, 0)
        result = self.run_command("verify", "--level", "kernel", "x")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"^x  arm64  unsupported  9 pages; .* 64-bit offsets.* \| the kernel objects\n$")

    def test_strict_mode_is_not_the_kernels(self):
        self.write("x", self.fixture("a/exe.arm64"))
        result = self.run_command("verify", "--level", "kernel", "--strict", "x")
        self.assertEqual(result.status, 1)
        self.assertIn("--strict", result.err)
        self.assertEqual(self.run_command("verify", "--level", "users", "x").status, 1)


class Archives(CommandTest):
    def setUp(self):
        super().setUp()
        good, bad = self.fixture("a/exe.arm64"), self.stale_program()
        # Sorted by name, as both kinds of archive have them.
        self.files = [("bin/a", good), ("bin/b", bad), ("lib/text", b"hello"), ("lib/z", self.fixture("a/fat"))]
        self.expected = ["x:bin/a  arm64  valid", "x:bin/b  arm64  stale", "x:lib/z  x86_64  valid", "x:lib/z  arm64  valid"]

    def tar(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for name, data in self.files:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            link = tarfile.TarInfo("lib/link")
            link.type, link.linkname = tarfile.SYMTYPE, "z"
            archive.addfile(link)
        return out.getvalue()

    def nar(self):
        folders = {}
        for name, data in self.files:
            folder, base = name.split("/")
            folders.setdefault(folder, {})[base] = nar.regular(data, True)
        return nar.nar(nar.folder(**{name: nar.folder(**entries) for name, entries in folders.items()}))

    def check(self, result, name="x"):
        lines = result.out.decode().splitlines()
        self.assertEqual(["  ".join(line.split("  ")[:3]) for line in lines[:-1]],
                         [line.replace("x", name, 1) for line in self.expected])
        self.assertEqual((lines[-1], result.status, result.err), ("4 images, 1 bad", 2, ""))

    def test_plain_and_compressed(self):
        for data in (self.tar(), self.nar()):
            for pack in (bytes, gzip.compress, bz2.compress, lzma.compress):
                with self.subTest(pack=pack.__name__):
                    self.write("x", pack(data))
                    self.check(self.run_command("verify", "x"))
                    self.check(self.run_command("verify", "--jobs", "1", "x"))
                    self.check(self.run_command("verify", "-", stdin=pack(data)), "-")
        self.assertEqual(self.names(), ["x"])

    def test_a_nix_archive_of_one_file(self):
        self.write("x", nar.nar(nar.regular(self.files[1][1], True)))
        result = self.run_command("verify", "x")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"^x:[^ ]*  arm64  stale  ")

    def test_a_compressed_program(self):
        self.write("x.gz", gzip.compress(self.files[0][1]))
        result = self.run_command("verify", "x.gz")
        self.assertEqual((result.status, result.out), (0, b"x.gz  arm64  valid  9 pages; sha256/4096\n"))

    def test_nothing_in_it(self):
        self.files = [("bin/a", b"hello"), ("bin/b", b"")]
        self.write("x", self.tar())
        result = self.run_command("verify", "x")
        self.assertEqual((result.status, result.out), (0, b"x  not Mach-O\n"))

    def test_cut_short(self):
        for data in (self.tar(), self.nar(), gzip.compress(self.nar())):
            self.write("x", data[:len(data) * 3 // 4])
            result = self.run_command("verify", "x")
            self.assertEqual(result.status, 1)
            self.assertRegex(result.err, r"^reseal: x(:[a-z/]+)?: [^\n]*\n$")

    def test_what_came_before_the_break_is_said(self):
        data = self.tar()
        self.write("x", data[:data.index(b"lib/text") + 100])
        result = self.run_command("verify", "x")
        self.assertEqual(result.status, 1)
        self.assertEqual(["  ".join(line.split("  ")[:3]) for line in result.out.decode().splitlines()],
                         self.expected[:2] + ["2 images, 1 bad"])

    def test_a_file_that_is_stored_sparse(self):
        info = tarfile.TarInfo("tool")
        info.size = len(self.files[0][1])
        info.pax_headers = {"GNU.sparse.map": "0,10", "GNU.sparse.size": str(info.size)}
        header = info.tobuf(tarfile.PAX_FORMAT)
        self.write("x", header + self.files[0][1] + bytes(-len(self.files[0][1]) % 512 + 1024))
        result = self.run_command("verify", "x")
        self.assertEqual((result.status, result.lines()), (1, ["reseal: x:tool: cannot look into a GNU sparse file"]))

    def test_files_larger_than_what_is_kept_in_memory(self):
        large = self.files[0][1] + bytes(6 << 20)  # behind the signature
        self.files = [(f"bin/{i}", large) for i in range(3)] + [("bin/x", self.stale_program())]
        self.write("x", self.tar())
        result = self.run_command("verify", "x")
        self.assertEqual([line.split("  ")[2] for line in result.out.decode().splitlines()[:-1]], ["valid"] * 3 + ["stale"])
        self.assertEqual(self.names(), ["x"])  # $TMPDIR

    def test_archives_in_a_folder_are_left_alone(self):
        os.mkdir(self.path("d"))
        self.write("d/x.tar", self.tar())
        self.assertEqual(self.run_command("verify", "d").out, b"0 images, 0 bad\n")


class Bundles(CommandTest):
    @classmethod
    def setUpClass(cls):
        plists = subprocess.run([os.environ["RESEAL"], "verify", os.path.join(TESTDATA, "broken", "stale-resources.app")],
                                capture_output=True, timeout=60, check=False)
        if b"  bundle  " not in plists.stdout:
            raise unittest.SkipTest("this build reads no property lists")

    def setUp(self):
        super().setUp()
        self.app = os.path.join(self.folder, "x.app")
        shutil.copytree(os.path.join(TESTDATA, "broken", "stale-resources.app"), self.app)
        # Above the bundle, and no program: both are looked at all the same.
        self.write("tool", self.fixture("a/exe.arm64"))

    def test_what_a_bundle_seals_besides_its_program(self):
        result = self.run_command("verify", ".")
        self.assertEqual(result.status, 2)
        lines = [line.split("  ") for line in result.out.decode().splitlines()]
        self.assertEqual([line[:3] for line in lines[:-1]],
                         [["./x.app", "bundle", "bad"],
                          ["./x.app/Contents/Resources/greeting.txt", "bundle", "file-changed"],
                          ["./x.app/Contents/MacOS/tool", "arm64", "valid"],
                          ["./tool", "arm64", "valid"]])
        self.assertEqual(lines[-1], ["2 images, 0 bad; 1 bundle, 1 bad"])

    def test_the_kernel_has_not_heard_of_bundles(self):
        result = self.run_command("verify", "--level", "kernel", "x.app")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertRegex(result.out, rb"^x.app/Contents/MacOS/tool  arm64  valid  [^\n]*\n$")

    def test_quiet(self):
        result = self.run_command("verify", "-q", "x.app", "tool")
        self.assertEqual(result.status, 2)
        self.assertEqual([line.split("  ")[2] for line in result.out.decode().splitlines()], ["bad", "file-changed"])

    def test_json(self):
        result = self.run_command("verify", "--json", "x.app")
        self.assertEqual((result.status, result.err), (2, ""))
        bundle, image = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual((bundle["bundle"], bundle["status"]), ("x.app", "bad"))
        self.assertEqual([(each["code"], each["layer"]) for each in bundle["findings"]], [("file-changed", "codesign")])
        self.assertEqual((image["path"], image["layer"], image["codedirectories"][0]["unchecked"]),
                         ("x.app/Contents/MacOS/tool", None, []))

    def test_a_program_named_by_itself_is_checked_with_what_its_bundle_seals(self):
        tool = "x.app/Contents/MacOS/tool"
        self.assertEqual(self.run_command("verify", tool).status, 0)
        with open(self.path("x.app/Contents/Info.plist"), "ab") as plist:
            plist.write(b"\n")
        result = self.run_command("verify", tool)
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"  stale  .*special slot -1; .*codesign objects")
        self.assertEqual(self.run_command("verify", "--level", "kernel", tool).status, 0)


class Jobs(CommandTest):
    def test_the_same_lines_in_the_same_order_however_many(self):
        os.mkdir(self.path("d"))
        good, bad = self.fixture("a/exe.arm64"), self.stale_program()
        for i in range(1500):
            self.write(f"d/{i:04}", b"text" if i % 2 else bad if i % 50 == 0 else good)
        self.write("d/0003", self.fixture("a/fat"))
        one = self.run_command("verify", "--jobs", "1", "d", "missing", "d/0000")
        self.assertEqual(one.status, 1)
        self.assertEqual(len(one.out.splitlines()), 750 + 2 + 1 + 1)
        for jobs in ((), ("--jobs", "2"), ("--jobs", "13")):
            many = self.run_command("verify", *jobs, "d", "missing", "d/0000")
            self.assertEqual((many.status, many.out, many.err), (one.status, one.out, one.err))

    def test_the_pages_of_a_large_file(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        data[5000] ^= 1
        self.write("x", data + bytes(17 << 20))
        lines = {self.run_command("verify", *jobs, "x").out for jobs in ((), ("--jobs", "1"), ("--jobs", "7"))}
        self.assertEqual(lines, {b"x  arm64  stale  1 of 9 pages: 1; sha256/4096 | the kernel objects\n"})

    def test_quiet_says_only_what_is_bad(self):
        self.write("good", self.fixture("a/exe.arm64"))
        self.write("bad", self.stale_program())
        self.write("text", b"hello")
        result = self.run_command("verify", "-q", "good", "bad", "text")
        self.assertEqual(result.status, 2)
        self.assertRegex(result.out, rb"^bad  arm64  stale  [^\n]*\n$")
        result = self.run_command("verify", "-q", "--json", "good", "text")
        self.assertEqual((result.status, result.out, result.err), (0, b"", ""))


class Json(CommandTest):
    def lines(self, *arguments, status):
        result = self.run_command("verify", "--json", *arguments)
        self.assertEqual((result.status, result.err), (status, ""))
        lines = [json.loads(line) for line in result.out.splitlines()]
        for line in lines:
            self.assertEqual(list(line), KEYS)
            for directory in line["codedirectories"]:
                self.assertEqual(list(directory), ["slot", "hash", "page_size", "pages", "stale", "unchecked", "cdhash", "chosen"])
            for problem in line["problems"]:
                self.assertEqual(list(problem), ["code", "layer", "offset", "what"])
        return lines

    def test_one_object_an_image(self):
        self.write("fat", self.fixture("a/fat"))
        first, second = self.lines("fat", status=0)
        self.assertEqual((first["path"], first["arch"], first["offset"], first["status"]), ("fat", "x86_64", 4096, "valid"))
        self.assertEqual((second["path"], second["arch"], second["offset"], second["status"]), ("fat", "arm64", 32768, "valid"))
        directory, = second["codedirectories"]
        self.assertEqual((directory["slot"], directory["hash"], directory["page_size"], directory["pages"], directory["stale"]),
                         (0, "sha256", 4096, 9, []))
        self.assertRegex(directory["cdhash"], "^[0-9a-f]{40}$")
        self.assertEqual((second["entry"], second["layer"], second["problems"], second["notes"]), (None, None, [], []))
        self.assertTrue(directory["chosen"])

    def test_a_stale_page(self):
        data = self.stale_program()
        self.write("x", data)
        line, = self.lines("x", status=2)
        page = (data.index(FROM) - 1) // 4096
        self.assertEqual((line["status"], line["codedirectories"][0]["stale"]), ("stale", [page]))
        self.assertEqual((line["layer"], line["problems"][0]["layer"]), ("kernel", "kernel"))

    def test_an_entry_of_an_archive(self):
        self.write("x.nar", nar.nar(nar.folder(text=nar.regular(b"hello"), tool=nar.regular(self.stale_program(), True))))
        line, = self.lines("x.nar", status=2)
        self.assertEqual((line["path"], line["entry"], line["status"]), ("x.nar", "tool", "stale"))

    def test_a_folder_without_a_program_is_not_passed_over_in_silence(self):
        os.makedirs(os.path.join(self.folder, "dist"))
        self.assertEqual(self.run_command("verify", "dist").out, b"0 images, 0 bad\n")
        self.write("dist/text", b"hello")
        self.assertEqual(self.run_command("verify", "dist").out, b"0 images, 0 bad\n")
        self.assertEqual(self.run_command("verify", "-q", "dist").out, b"")
        self.assertEqual(self.run_command("verify", "--json", "dist").out, b"")
        self.assertEqual(self.run_command("verify", "dist/text").out, b"dist/text  not Mach-O\n")
        self.assertEqual(self.run_command("verify", "dist", "nothing").out, b"")

    def test_not_macho(self):
        self.write("\\", b"hello")
        self.assertEqual(self.lines("\\", status=0), [{"path": "\\\\", "entry": None, "arch": None, "offset": 0,
                                                       "status": "not Mach-O", "layer": None, "codedirectories": [],
                                                       "problems": [], "notes": []}])


if __name__ == "__main__":
    unittest.main()
