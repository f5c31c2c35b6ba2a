#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""reseal unpack: any archive with --from, and what hostile ones do not get away with."""
import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import random
import subprocess
import tarfile
import unittest
import zipfile

from command import DOCS
from unpacking import OLD, UnpackTest, entry, folder, hardlink, symlink, tar, tree

try:
    import jsonschema
except ImportError:
    jsonschema = None

NOISE = random.Random(5).randbytes(1_500_000)


def sample():
    return [folder("bin"), entry("bin/tool", "#!%s/bin/python\nprint('%s')\n" % (OLD, OLD), mode=0o4755),
            entry("lib/data", ("x%s/lib\0y" % OLD).encode() * 3), entry("share/plain", b"nothing\0here", mode=0o600),
            hardlink("lib/again", "lib/data"), symlink("lib/abs", OLD + "/lib/data"), symlink("lib/rel", "data"),
            entry("big", NOISE + OLD.encode() + b"/z\0" + b"b" * 100), folder("empty", 0o700)]


class AnyArchive(UnpackTest):
    def expect_sample(self, dest):
        found = tree(dest)
        new = os.path.abspath(dest)
        self.assertEqual(found["bin/tool"], (("#!%s/bin/python\nprint('%s')\n" % (new, new)).encode(), 0o755))
        self.assertEqual(found["share/plain"], (b"nothing\0here", 0o600))
        self.assertEqual(found["lib/abs"], ("->", new + "/lib/data"))
        self.assertEqual(found["lib/rel"], ("->", "data"))
        self.assertEqual(found["empty"], ("folder", 0o700))
        for name, size in (("lib/data", 3 * (len(OLD) + 7)), ("big", len(NOISE) + len(OLD) + 103)):
            self.assertEqual(len(found[name][0]), size)
            self.assertNotIn(OLD.encode(), found[name][0])
            self.assertIn(new.encode() + b"/", found[name][0])
        self.assertTrue(os.path.samefile(os.path.join(dest, "lib/data"), os.path.join(dest, "lib/again")))
        self.assertEqual(os.stat(os.path.join(dest, "share/plain")).st_mtime, 1_000_000_000)
        self.assertEqual(os.stat(os.path.join(dest, "bin/tool")).st_mtime, 1_000_000_001)

    def short(self):
        """A destination no longer than the prefix."""
        return self.path("d")

    def test_every_compression_gives_the_same_tree(self):
        data = tar(sample())
        packed = {"a.tar": data, "a.tar.gz": gzip.compress(data), "a.tar.bz2": bz2.compress(data), "a.tar.xz": lzma.compress(data)}
        try:
            packed["a.tar.zst"] = subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
        except FileNotFoundError:
            pass
        for name, archive in packed.items():
            with self.subTest(name):
                self.write(name, archive)
                dest = self.short()
                self.done("--from", OLD, name, dest)
                self.expect_sample(dest)
                subprocess.run(["rm", "-rf", dest], check=True)

    def test_a_pipe_and_one_thread(self):
        dest = self.short()
        self.done("--from", OLD, "--jobs", "1", "-", dest, stdin=gzip.compress(tar(sample())))
        self.expect_sample(dest)

    def test_a_zip_file_with_links(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            link = zipfile.ZipInfo("lib/link")
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, OLD + "/lib/x")
            program = zipfile.ZipInfo("bin/tool")
            program.create_system, program.external_attr = 3, 0o100755 << 16
            archive.writestr(program, "#!%s/bin/sh\n" % OLD)
        for stdin in (False, True):
            with self.subTest(stdin=stdin):
                dest = self.short()
                self.write("a.zip", out.getvalue())
                self.done("--from", OLD, "-" if stdin else "a.zip", dest, stdin=out.getvalue() if stdin else b"")
                self.assertEqual(tree(dest)["lib/link"], ("->", dest + "/lib/x"))
                self.assertEqual(tree(dest)["bin/tool"], (("#!%s/bin/sh\n" % dest).encode(), 0o755))
                subprocess.run(["rm", "-rf", dest], check=True)

    def test_the_prefix_is_not_where_it_is_unpacked(self):
        self.write("a.tar", tar([entry("etc/x", "p=%s/lib\n" % OLD)]))
        self.done("--from", OLD, "--prefix", "/opt/env", "a.tar", "dest")
        self.assertEqual(self.read("dest/etc/x"), b"p=/opt/env/lib\n")
        self.done("--from", OLD, "--to", "/usr", "a.tar", "dest2")
        self.assertEqual(self.read("dest2/etc/x"), b"p=/usr/lib\n")

    def test_without_a_prefix_it_says_so(self):
        self.write("a.tar", tar([entry("x", "x")]))
        self.refused("a.tar: nothing in it says which prefix it was made for; --from does", "a.tar", "dest")

    def test_a_prefix_that_is_too_long_refuses_all_and_names_each(self):
        self.write("a.tar", tar([entry("a", OLD.encode() + b"/x\0"), entry("b", OLD.encode() + b"/x\0"), entry("c", OLD)]))
        result = self.refused("refused for 2 files", "--from", OLD, "--prefix", "/" + "x" * 100, "a.tar", "dest", status=2)
        self.assertIn("reseal: a: ", result.err)
        self.assertIn("reseal: b: ", result.err)
        self.assertEqual(result.err.count("reseal: prefix-too-long: choose a prefix that is no longer than the one it replaces"), 1)

    def test_several_archives_make_one_tree(self):
        self.write("a.tar", tar([folder("lib"), entry("lib/a", "a")]))
        self.write("b.tar", tar([folder("lib"), entry("lib/b", "b")]))
        self.write("c.tar", tar([entry("lib/a", "a")]))
        self.done("--from", OLD, "a.tar", "b.tar", "dest")
        self.assertEqual(set(tree(self.path("dest"))), {"lib", "lib/a", "lib/b"})
        self.refused("c.tar: lib/a: there already, from a.tar", "--from", OLD, "a.tar", "c.tar", "dest2")

    def test_the_report_and_what_is_left(self):
        entries = [entry("a", OLD.encode() + b"/x\0"), entry("b.gz", gzip.compress(OLD.encode())), symlink("l", OLD + "/a")]
        self.write("a.tar", tar(entries))
        result = self.unpack("--from", OLD, "--leftovers", "--report", "report.json", "a.tar", "d")
        self.assertEqual(result.status, 0, result.err)
        report = json.loads(self.read("report.json"))
        self.assertEqual((report["command"], report["status"], report["files_read"], report["files_written"],
                          report["files_read_again"]), ("unpack", "complete", 2, 1, 0))
        self.assertEqual([(each["path"], each["sha256_after"]) for each in report["files"]],
                         [("a", hashlib.sha256(self.read("d/a")).hexdigest())])
        self.assertEqual([(each["path"], each["after"]) for each in report["links"]], [("l", self.path("d/a"))])
        self.assertEqual([each["prefix"] for each in report["leftovers"]], [OLD])
        self.assertIn(b"b.gz", result.out)
        self.unpack("--from", OLD, "--prefix", "/" + "x" * 100, "--report", "refused.json", "a.tar", "e")
        refused = json.loads(self.read("refused.json"))
        self.assertEqual((refused["status"], refused["refused"], refused["files_written"]), ("refused", ["a"], 0))
        if jsonschema is None:
            self.skipTest("python3-jsonschema is not installed")
        schemas = {}
        for name in (each for each in os.listdir(DOCS) if each.endswith(".json")):
            with open(os.path.join(DOCS, name), encoding="utf-8") as file:
                schemas[name] = json.load(file)
        schema = schemas["relocation-report.schema.json"]
        validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver("", schema, store=schemas))
        for each in (report, refused):
            validator.validate(each)
        with self.assertRaises(jsonschema.ValidationError):
            validator.validate({**report, "status": "half"})

    def test_dry_run_leaves_nothing(self):
        self.write("a.tar", tar(sample()))
        before = self.names()
        self.done("--from", OLD, "-n", "--prefix", "/p", "a.tar", "dest")
        self.assertEqual(self.names(), before)


class Destinations(UnpackTest):
    def setUp(self):
        super().setUp()
        self.write("a.tar", tar([folder("bin", 0o555), entry("bin/x", "new"), entry("lib/x", "new")]))

    def test_what_is_there_stays(self):
        os.mkdir(self.path("dest"))
        self.write("dest/mine", b"mine")
        self.refused("dest: the folder is not empty; --merge adds to what it holds", "--from", OLD, "a.tar", "dest")
        self.done("--from", OLD, "--merge", "a.tar", "dest")
        self.assertEqual(set(tree(self.path("dest"))), {"mine", "bin", "bin/x", "lib", "lib/x"})
        self.write("b.tar", tar([entry("bin/x", "old"), entry("lib/x", "new"), entry("lib/y", "y")]))
        self.refused("there already: bin/x\n", "--from", OLD, "--merge", "b.tar", "dest")

    def test_a_merge_that_was_killed_stands_in_its_own_way(self):
        self.write("b.tar", tar([entry("bin/x", OLD), entry("lib/x", OLD, mode=0o755), symlink("lib/l", OLD + "/x"), hardlink("lib/h", "lib/x")]))
        os.mkdir(self.path("dest"))
        self.done("--from", OLD, "--merge", "b.tar", "dest")
        whole = tree(self.path("dest"))
        for gone in (["bin/x"], ["lib/x"], ["lib/l", "lib/h"], []):
            for name in gone:
                os.unlink(self.path("dest/" + name))
            self.done("--from", OLD, "--merge", "b.tar", "dest")
            self.assertEqual(tree(self.path("dest")), whole)
        os.unlink(self.path("dest/lib/l"))
        os.symlink("elsewhere", self.path("dest/lib/l"))
        os.chmod(self.path("dest/lib/x"), 0o644)
        self.refused("there already: lib/l, lib/x\n", "--from", OLD, "--merge", "b.tar", "dest")

    def test_a_report_that_fails_at_the_end_makes_believe_that_nothing_was_done(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        pair = ("--from", OLD, "--to", "/p")
        for words in (("unpack", *pair, "a.tar", "dest"), ("pack", *pair, "dest", "b.tar"), ("relocate", *pair, "dest")):
            result = self.run_command(*words, "-q", "--report", "/dev/full")
            self.assertEqual((result.status, result.err), (1, "reseal: /dev/full: cannot write: No space left on device; only the "
                                                           "report is missing, all else is done\n"))
        self.assertIn("b.tar", self.names())
        result = self.run_command("unpack", *pair, "-q", "-n", "--report", "/dev/full", "a.tar", "none")
        self.assertEqual((result.status, result.err), (1, "reseal: /dev/full: cannot write: No space left on device\n"))

    def test_a_folder_that_no_archive_names_is_closed_to_others(self):
        self.write("b.tar", tar([entry("lib/deep/er/x", "x"), folder("lib/deep", 0o700), hardlink("hard/x", "lib/deep/er/x"),
                                 symlink("soft/x", "y")]))
        for mask, mode in ((0o022, 0o755), (0o077, 0o700)):
            self.done("--from", OLD, "b.tar", "dest%o" % mask, preexec_fn=lambda mask=mask: os.umask(mask))
            found = tree(self.path("dest%o" % mask))
            for name in ("lib", "lib/deep/er", "hard", "soft"):
                self.assertEqual(found[name], ("folder", mode), name)
            self.assertEqual(found["lib/deep"], ("folder", 0o700))
        os.makedirs(self.path("merged/lib"), 0o750)
        self.done("--from", OLD, "--merge", "b.tar", "merged", preexec_fn=lambda: os.umask(0o022))
        self.assertEqual([os.stat(self.path("merged/" + name)).st_mode & 0o777 for name in ("lib", "lib/deep", "lib/deep/er")],
                         [0o750, 0o700, 0o755])

    def test_the_folder_above_a_link_is_where_the_link_leads(self):
        os.makedirs(self.path("deep/er"))
        os.symlink("deep/er", self.path("link"))
        self.done("--from", OLD, "a.tar", "link/../dest")
        self.assertEqual(set(tree(self.path("deep/dest"))), {"bin", "bin/x", "lib", "lib/x"})
        self.assertFalse(os.path.lexists(self.path("dest")))

    def test_an_empty_folder_is_filled(self):
        os.mkdir(self.path("dest"), 0o750)
        self.done("--from", OLD, "a.tar", "dest")
        self.assertEqual(set(tree(self.path("dest"))), {"bin", "bin/x", "lib", "lib/x"})
        self.assertEqual(os.stat(self.path("dest")).st_mode & 0o777, 0o750)

    def test_a_merge_does_not_go_through_a_link(self):
        os.makedirs(self.path("dest"))
        os.mkdir(self.path("outside"))
        os.symlink(self.path("outside"), self.path("dest/lib"))
        self.refused("there already: lib", "--from", OLD, "--merge", "a.tar", "dest")

    def test_a_file_is_no_destination(self):
        self.write("dest", b"mine")
        for merge in ([], ["--merge"]):
            self.refused("dest: cannot create: File exists", "--from", OLD, *merge, "a.tar", "dest")
        self.refused("No such file or directory", "--from", OLD, "a.tar", "no/such/dest")

    def test_a_full_disk_is_named(self):
        self.write("big.tar", tar([entry("lib/big", b"x" * 3_000_000)]))
        import resource
        self.refused("lib/big: cannot write: File too large", "--from", OLD, "big.tar", "dest",
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)))
        self.done("--from", OLD, "big.tar", "dest")


class Only(UnpackTest):
    def test_files_that_were_not_asked_for_move(self):
        self.write("a.tar", tar([entry("bin/x", OLD), entry("lib/y", OLD), symlink("bin/l", OLD + "/x"), symlink("lib/l", OLD + "/x")]))
        self.done("--from", OLD, "--only", "lib/*", "a.tar", "d")
        new, found = self.path("d"), tree(self.path("d"))
        self.assertEqual((found["bin/x"][0].decode(), found["lib/y"][0].decode()), (OLD, new))
        self.assertEqual((found["bin/l"][1], found["lib/l"][1]), (OLD + "/x", new + "/x"))


class Hostile(UnpackTest):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("victim"))
        self.write("victim/file", b"as it was")

    def refuse(self, entries, why, *options):
        self.write("a.tar", tar(entries) if isinstance(entries, list) else entries)
        return self.refused(why, "--from", OLD, *options, "a.tar", "dest")

    def test_names_that_lead_out(self):
        for name, why in (("../victim/file", "a name with .. is refused"), ("a/../../victim/file", "a name with .. is refused"),
                          (self.path("victim/file"), "an absolute name is refused"), ("C:evil", "a name with a drive is refused")):
            with self.subTest(name):
                self.refuse([entry("good", "x"), entry(name, "evil")], "a.tar: %s: %s" % (name, why))

    def test_links_that_are_written_through(self):
        victim = self.path("victim")
        self.refuse([symlink("l", victim), entry("l/file", "evil")], "a.tar: l/file: a name below a link is refused: a.tar: l")
        self.refuse([symlink("l", "../victim"), folder("l"), entry("l/file", "evil")], "a.tar: l: there already, from a.tar")
        self.refuse([symlink("a", "."), symlink("a/b", ".."), entry("a/b/victim/file", "evil")], "a name below a link is refused")
        self.refuse([symlink("f", victim + "/file"), entry("f", "evil")], "a.tar: f: there already, from a.tar")
        self.refuse([entry("f", "x"), entry("f/g", "evil")], "a name below a file is refused: a.tar: f")

    def test_hard_links_to_what_is_outside(self):
        victim = self.path("victim/file")
        self.refuse([hardlink("h", victim)], "a hard link to an absolute name is refused")
        self.refuse([hardlink("h", "../victim/file")], "a hard link to a name with .. is refused")
        self.refuse([symlink("l", victim), hardlink("h", "l")], "a.tar: h: a hard link to a link is refused: l")
        self.refuse([hardlink("h", "later"), entry("later", "x")], "a hard link to what was not there before is refused: later")

    def test_devices(self):
        for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
            self.refuse([entry("dev", kind=kind)], "a.tar: dev: neither a file nor a folder nor a link is refused")

    def test_twice(self):
        self.refuse([entry("x", "1"), entry("./x", "2")], "a.tar: x: there already, from a.tar")

    def test_sizes_that_nothing_holds(self):
        info, _ = entry("huge")
        info.size = 2 ** 63 - 1
        self.refuse(info.tobuf(tarfile.GNU_FORMAT) + b"x" * 4096, "a.tar: the tape archive cannot be read")
        info.size = 2 ** 62
        header = info.tobuf(tarfile.GNU_FORMAT)
        self.refuse(header + b"x" * 4096, "a.tar: huge: with this file it is more bytes than 68719476736 (--max-bytes)")
        negative = bytearray(header)
        negative[124:136] = b"\xff" * 12
        negative[148:156] = b" " * 8
        negative[148:156] = b"%06o\0 " % sum(negative[:512])
        self.refuse(bytes(negative) + b"x" * 4096, "a.tar: ")
        self.refuse(bytes(header) + b"x" * 4096, "the tape archive cannot be read", "--max-bytes", str(2 ** 64 - 1))

    def test_limits(self):
        many = [entry("f%d" % i, "") for i in range(50)]
        self.refuse(many, "a.tar: f49: there are more entries than 49 (--max-entries)", "--max-entries", "49")
        self.refuse([entry("x", b"x" * 5000)], "a.tar: x: with this file it is more bytes than 4999 (--max-bytes)", "--max-bytes", "4999")
        zeros = gzip.compress(tar([entry("x", bytes(20_000_000))]), 9)
        self.refuse(zeros, "more bytes come of each byte of the archive than 500 (--max-ratio)", "--max-ratio", "500")

    def test_a_hole_of_petabytes(self):
        """A sparse file whose bytes are few and whose length is not."""
        info, data = entry("GNUSparseFile.0/hole", b"1\n1125899906842624\n0\n" + bytes(512 - 21))
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "hole",
                            "GNU.sparse.realsize": str(2 ** 50)}
        info.size = len(data)
        self.refuse([(info, data)], "a.tar: hole: ")
        self.refuse([(info, data)], "--max-ratio", "--max-bytes", str(2 ** 60))

    def test_a_hundred_thousand_entries(self):
        """Links, for those are made last: the disk has no part in it."""
        block = symlink("f", "x")[0].tobuf(tarfile.USTAR_FORMAT)
        size = 100_000
        name = self.path("many.tar")
        base = bytearray(block)
        with open(name, "wb") as out:
            rest = sum(base[100:148]) + sum(base[156:512]) + 8 * 32
            parts = []
            for number in range(size):
                path = b"d%02d/f%06d" % (number % 7, number)
                parts.append(path.ljust(100, b"\0") + bytes(base[100:148]) + b"%06o\0 " % (sum(path) + rest) + bytes(base[156:512]))
                if len(parts) == 10000:
                    out.write(b"".join(parts))
                    parts = []
            out.write(bytes(1024))
        self.refused("there are more entries than 99999 (--max-entries)", "--from", OLD, "--max-entries", "99999", "-n",
                     "many.tar", "dest")

    def test_every_cut_is_noticed(self):
        data = tar([entry("f%d" % i, os.urandom(3000)) for i in range(40)])
        for name, archive in (("tar", data), ("gz", gzip.compress(data)), ("xz", lzma.compress(data)), ("bz2", bz2.compress(data))):
            for size in range(0, len(archive) - 10241 if name == "tar" else len(archive), 16384):
                with self.subTest(name=name, size=size):
                    self.refuse(archive[:size], "a.tar: ")

    def test_other_formats_are_refused_by_name(self):
        for data, why in ((b"hsqs" + bytes(100), "squashfs"), (b"#!/bin/sh\n# NAME: x\n", "bash FILE -b -p DEST"),
                          (tar([entry("pixi-pack.json", "{}")]), "pixi-unpack"),
                          (tar([entry("Scripts/conda-unpack.exe", "MZ")]), "for Windows"),
                          (b"neither of them" * 100, "neither a tape archive nor a zip file"), (b"", "the archive is empty")):
            with self.subTest(why):
                self.refuse(data, "a.tar: ")
                self.assertIn(why, self.refuse(data, "a.tar: ").err)

    def test_a_zip_file_that_lies(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("../victim/file", "evil")
        self.refuse(out.getvalue(), "a.tar: ../victim/file: a name with .. is refused")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("x", "right here")
        self.refuse(out.getvalue().replace(b"right here", b"wrong here", 1), "a.tar: x: the zip file cannot be read")
        for size in range(1, len(out.getvalue()), 7):
            self.refuse(out.getvalue()[:size], "a.tar: ")

    def test_links_that_leave(self):
        self.write("a.tar", tar([symlink("out", "/etc/passwd"), symlink("up", "../victim"), symlink("in", "x"), entry("x", "x"),
                                 symlink("here", "."), symlink("hop", "here/../victim")]))
        result = self.done("--from", OLD, "a.tar", "dest")
        self.assertEqual([line.split(": ")[2] for line in result.lines() if "note: " in line], ["hop", "out", "up"])
        self.assertEqual(os.readlink(self.path("dest/out")), "/etc/passwd")
        self.assertNotIn("note: ", self.done("--from", OLD, "--external-links", "allow", "a.tar", "dest2").err)
        self.assertEqual(self.done("-q", "--from", OLD, "a.tar", "dest4").lines(), [])
        self.refused("out: a link to /etc/passwd leads out", "--from", OLD, "--external-links", "deny", "a.tar", "dest3", status=2)

    def test_case_collisions_are_told(self):
        self.write("a.tar", tar([entry("README", "1"), entry("readme", "2")]))
        result = self.unpack("--from", OLD, "a.tar", "dest")
        if result.status == 0:
            self.assertIn("note: readme: a file system that ignores case takes it for README", result.err)
            self.assertEqual(self.read("dest/README") + self.read("dest/readme"), b"12")
        else:
            self.assertIn("a.tar: readme: a file system that ignores case takes it for README", result.err)

    def test_names_that_are_no_text(self):
        self.write("a.tar", tar([(tarfile.TarInfo("caf\u00e9"), b""), (tarfile.TarInfo("x\udcff"), b"")]))
        self.done("--from", OLD, "a.tar", "dest")
        self.assertEqual(sorted(os.listdir(os.fsencode(self.path("dest")))), ["caf\u00e9".encode(), b"x\xff"])


class Signals(UnpackTest):
    def test_a_signal_leaves_nothing(self):
        import signal
        import time
        os.mkfifo(self.path("pipe"))
        process = self.start("unpack", "--from", OLD, "pipe", "dest")
        with open(self.path("pipe"), "wb", buffering=0) as writer:
            writer.write(tar(sample())[:1_000_000])
            deadline = time.monotonic() + 30
            while not [name for name in self.names() if name.startswith(".reseal-private")]:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), -signal.SIGTERM)
        self.assertEqual(self.names(), ["pipe"])


if __name__ == "__main__":
    unittest.main()
