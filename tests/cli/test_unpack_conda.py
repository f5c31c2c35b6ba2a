#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""reseal unpack: conda packages and environments of conda-pack, made here byte by byte."""
import bz2
import gzip
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import unittest
import zipfile

from unpacking import UnpackTest, entry, folder, hardlink, symlink, tar, tree
from unseekable import Unseekable

PLACEHOLDER = "/home/b/_h_env_" + "placehold_" * 20
BINARY = b"\x7fELF" + PLACEHOLDER.encode() + b"/lib\0rest"
TEXT = "#!%s/bin/python\nimport sys\n" % PLACEHOLDER


def md5(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def digest(data):
    return hashlib.sha256(data).hexdigest()


NOISE = random.Random(7).randbytes(1_200_000)


class Package:
    """Files of a package, and its metadata as they should be."""

    def __init__(self, name="demo", subdir="linux-64", **index):
        self.index = {"name": name, "version": "1.0", "build": "h0_0", "build_number": 0, "subdir": subdir, "depends": [], **index}
        self.stem = "%s-1.0-h0_0" % name
        self.files, self.paths, self.info = [], [], {}

    def add(self, path, data, mode=None, file_mode=0o644, **lies):
        data = data.encode() if isinstance(data, str) else data
        self.files.append(entry(path, data, mode=file_mode))
        says = {"_path": path, "path_type": "hardlink", "sha256": digest(data), "size_in_bytes": len(data)}
        if mode:
            says |= {"file_mode": mode, "prefix_placeholder": PLACEHOLDER}
        self.paths.append(says | lies)
        return self

    def link(self, path, target, **more):
        self.files.append(symlink(path, target))
        self.paths.append({"_path": path, "path_type": "softlink", **more})
        return self

    def metadata(self):
        texts = {"index.json": json.dumps(self.index), "paths.json": json.dumps({"paths": self.paths, "paths_version": 1}),
                 "about.json": "{}", "files": "".join(each["_path"] + "\n" for each in self.paths), **self.info}
        return [entry("info/" + name, text, mtime=1_200_000_000) for name, text in texts.items() if text is not None]

    def tar_bz2(self, early=False):
        return bz2.compress(tar(self.metadata() + self.files if early else self.files + self.metadata()))

    def conda(self, order=("metadata.json", "info", "pkg"), compression=zipfile.ZIP_STORED, stream=False, zip64=False):
        out = Unseekable() if stream else io.BytesIO()
        members = {"metadata.json": ("metadata.json", b'{"conda_pkg_format_version": 2}'),
                   "info": ("info-%s.tar.zst" % self.stem, zstd(tar(self.metadata()))),
                   "pkg": ("pkg-%s.tar.zst" % self.stem, zstd(tar(self.files)))}
        with zipfile.ZipFile(out, "w", compression) as archive:
            for each in order:
                name, data = members[each]
                with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as member:
                    member.write(data)
        return out.getvalue()


def zstd(data):
    if not shutil.which("zstd"):
        raise unittest.SkipTest("no zstd")
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


def demo():
    package = Package().add("bin/tool", TEXT, "text", 0o755).add("lib/x.so", BINARY, "binary").add("share/plain", b"a\0b")
    package.add("lib/large.so", BINARY + NOISE, "binary")
    return package.link("lib/link", PLACEHOLDER + "/lib/x.so", prefix_placeholder=PLACEHOLDER, file_mode="text").link("lib/y", "x.so")


class CondaPackages(UnpackTest):
    def expect_demo(self, dest, archive):
        found = tree(self.path(dest))
        new = self.path(dest).encode()
        self.assertEqual(found["bin/tool"], (TEXT.encode().replace(PLACEHOLDER.encode(), new), 0o755))
        padded = new + b"/" * (len(PLACEHOLDER) - len(new))
        self.assertEqual(found["lib/x.so"][0], BINARY.replace(PLACEHOLDER.encode(), padded))
        self.assertEqual(found["lib/large.so"][0], BINARY.replace(PLACEHOLDER.encode(), padded) + NOISE)
        self.assertEqual(found["lib/link"], ("->", self.path(dest) + "/lib/x.so"))
        self.assertEqual(found["lib/y"], ("->", "x.so"))
        self.assertNotIn("info", found)
        self.assertEqual([name for name in found if name.startswith(".")], [])
        record = json.loads(found["conda-meta/demo-1.0-h0_0.json"][0])
        self.assertEqual(record["fn"], archive)
        data = self.read(archive)
        self.assertEqual((record["url"], record["size"]), ("file://" + self.path(archive), len(data)))
        # Not every build has MD5.
        self.assertEqual((record["sha256"], record.get("md5", md5(data))), (digest(data), md5(data)))
        for path in record["paths_data"]["paths"]:
            if path["path_type"] == "hardlink":
                self.assertEqual(path["sha256_in_prefix"], digest(found[path["_path"]][0]), path["_path"])
        self.assertEqual(sorted(record["files"]), ["bin/tool", "lib/large.so", "lib/link", "lib/x.so", "lib/y", "share/plain"])
        self.assertIn(b"+demo-1.0-h0_0\n", found["conda-meta/history"][0])
        self.assertEqual(os.stat(self.path(dest + "/bin/tool")).st_mtime, 1_200_000_001)
        self.assertEqual(os.stat(self.path(dest + "/share/plain")).st_mtime, 1_000_000_000)
        return {name: what for name, what in found.items() if not name.endswith(".json")}

    def test_every_writing_of_conda_gives_the_same_tree(self):
        package = demo()
        ways = {"as cph writes it": {}, "info last": {"order": ("pkg", "metadata.json", "info")},
                "deflated": {"compression": zipfile.ZIP_DEFLATED}, "sizes behind": {"stream": True}, "zip64": {"zip64": True},
                "zip64, sizes behind, info last": {"stream": True, "zip64": True, "order": ("pkg", "info", "metadata.json")}}
        for way, how in ways.items():
            with self.subTest(way):
                self.write("demo.conda", package.conda(**how))
                result = self.done("demo.conda", "d")
                self.assertIn("; prefixes replaced in 3 files, 1 link moved", result.err)
                self.expect_demo("d", "demo.conda")
                shutil.rmtree(self.path("d"))

    def test_metadata_before_and_behind_the_files(self):
        for early in (False, True):
            self.write("demo-1.0-h0_0.tar.bz2", demo().tar_bz2(early))
            result = self.done("demo-1.0-h0_0.tar.bz2", "d")
            again = "" if early else " (3 read again)"
            self.assertIn("reseal: 4 files of 1200699 bytes unpacked%s, 2 links; prefixes replaced in 3 files, 1 link moved" % again,
                          result.err)
            self.expect_demo("d", "demo-1.0-h0_0.tar.bz2")
            shutil.rmtree(self.path("d"))

    def test_a_package_called_otherwise_counts_what_it_says_of_itself(self):
        for early in (False, True):
            self.write("x.tar.bz2", demo().tar_bz2(early))
            for archive, stdin in (("x.tar.bz2", b""), ("-", self.read("x.tar.bz2"))):
                result = self.done("--report", "r", archive, "d", stdin=stdin)
                self.assertIn("reseal: 4 files of 1200699 bytes unpacked", result.err)
                self.assertNotIn("info", tree(self.path("d")))
                shutil.rmtree(self.path("d"))
        self.write("x.tar", tar([entry("a", PLACEHOLDER), entry("info/index.json", "{}")]))
        self.assertIn("reseal: 2 files of ", self.done("--from", PLACEHOLDER, "x.tar", "d").err)

    def test_metadata_of_old_packages(self):
        package = demo()
        package.info["paths.json"] = None
        package.info["has_prefix"] = "".join("%s %s %s\n" % (PLACEHOLDER, mode, path) for path, mode in
                                             (("bin/tool", "text"), ("lib/x.so", "binary"), ("lib/large.so", "binary"), ("lib/link", "text")))
        self.write("demo-1.0-h0_0.tar.bz2", package.tar_bz2())
        self.done("demo-1.0-h0_0.tar.bz2", "d")
        found = tree(self.path("d"))
        self.assertEqual(found["bin/tool"][0], TEXT.encode().replace(PLACEHOLDER.encode(), self.path("d").encode()))
        self.assertEqual(found["lib/link"], ("->", self.path("d") + "/lib/x.so"))

    def test_positions_that_lie_are_told_of_and_searched(self):
        def places(*offsets):
            return [{"encoding": "utf-8", "ranges": [[*offsets, 4 + len(PLACEHOLDER) + 4]]}]

        text = "a\n%s\n" % PLACEHOLDER
        true = Package().add("lib/x.so", BINARY, "binary", offsets=places(4))
        true.add("text", text, "text", offsets=[{"encoding": "utf-8", "ranges": [2]}])
        true.add("script", TEXT, "text", 0o755, offsets=[], shebang_length=len(TEXT.splitlines()[0]) + 1)
        lies = Package().add("lib/x.so", BINARY, "binary", offsets=places(3))
        lies.add("text", text, "text", offsets=[{"encoding": "utf-8", "ranges": [2, 9]}]).add("y", BINARY, "binary", offsets=[])
        for package, told in ((true, []), (lies, ["lib/x.so", "text", "y"])):
            for early in (False, True):
                self.write("demo-1.0-h0_0.tar.bz2", package.tar_bz2(early))
                result = self.done("demo-1.0-h0_0.tar.bz2", "d")
                notes = [line for line in result.err.splitlines() if "does not stand where" in line]
                self.assertEqual([line.split(": ")[2].split("/d/")[-1] for line in sorted(notes)], told, result.err)
                for name, (data, _) in {n: f for n, f in tree(self.path("d")).items() if f[0] not in ("folder", "->")}.items():
                    if not name.startswith("conda-meta/"):
                        self.assertNotIn(PLACEHOLDER.encode(), data)
                shutil.rmtree(self.path("d"))

    def test_out_of_a_pipe(self):
        self.done("-", "d", stdin=demo().conda())
        self.assertEqual(tree(self.path("d"))["lib/link"], ("->", self.path("d") + "/lib/x.so"))

    def test_several_make_an_environment(self):
        self.write("a.conda", Package("a").add("lib/a", TEXT, "text").conda())
        self.write("b-1.0-h0_0.tar.bz2", Package("b").add("lib/b", TEXT, "text").tar_bz2())
        self.write("c.conda", Package("c").add("lib/a", "x").conda())
        self.done("a.conda", "b-1.0-h0_0.tar.bz2", "d")
        self.assertEqual(sorted(os.listdir(self.path("d/conda-meta"))), ["a-1.0-h0_0.json", "b-1.0-h0_0.json", "history", "reseal"])
        self.refused("lib/a: there already, from a.conda", "a.conda", "c.conda", "e")
        self.write("c.conda", Package("c").add("lib/c", "x").conda())
        self.done("--merge", "c.conda", "d")
        self.assertIn("c-1.0-h0_0.json", os.listdir(self.path("d/conda-meta")))

    def test_what_comes_to_an_environment_again_is_remembered_twice_or_in_another_place(self):
        self.write("demo.conda", demo().conda())
        self.done("demo.conda", "d")
        before = tree(self.path("d"))
        for name in ("bin/tool", "lib/link", "lib/y", "lib/x.so", "lib/large.so", "share/plain", "conda-meta/demo-1.0-h0_0.json"):
            os.unlink(self.path("d/" + name))
        self.refused("what is there is for %s/d, and this would be for /z: --prefix" % self.folder, "--merge", "--prefix", "/z",
                     "demo.conda", "d")
        self.done("--merge", "demo.conda", "d")
        self.assertEqual(tree(self.path("d")), before)
        self.assertEqual(self.run_command("conda-unpack", "d").status, 0)
        self.assertEqual(tree(self.path("d")), before)

    def test_packages_that_come_at_once_are_remembered_by_the_last_of_them_only(self):
        self.write("demo.conda", demo().conda())
        names = ["p%d" % i for i in range(6)]
        for name in names:
            package = Package(name)
            for i in range(100):
                package.add("share/%s/%d" % (name, i), TEXT, "text")
            self.write(name + ".conda", package.conda())
        self.done("demo.conda", "d")
        for each in [self.start("unpack", "-q", "--merge", name + ".conda", "d") for name in names]:
            self.assertEqual((each.wait(60), each.stderr.read()), (0, b""))
        remembered = {each["path"] for each in json.loads(self.read("d/conda-meta/reseal"))["files"]}
        self.assertEqual({"share/%s/%d" % (name, i) for name in names for i in range(100)} - remembered, set())

    def test_two_at_once_wait_for_each_other_for_ever(self):
        """Also for one that never ends: a signal is heard."""
        import fcntl
        import signal
        os.mkdir(self.path("dest"))
        self.write("dest/mine", b"mine")
        self.write("demo.conda", demo().conda())
        self.write("plain.tar", tar([entry("x", PLACEHOLDER)]))
        held = os.open(self.path("dest"), os.O_RDONLY)
        self.addCleanup(os.close, held)
        fcntl.flock(held, fcntl.LOCK_EX)
        for words in (["demo.conda"], ["--from", PLACEHOLDER, "plain.tar"]):
            process = self.start("unpack", "--merge", *words, "dest")
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(0.5)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), -signal.SIGTERM)
            self.assertEqual(os.listdir(self.path("dest")), ["mine"])

    def test_a_file_that_is_called_standard_input_is_taken_for_it(self):
        data = Package("nn", "noarch", noarch="python").add("site-packages/m.py", "x").conda()
        self.write("standard input", data)
        self.write("python.conda", Package("python", version="3.12.1").add("bin/python3.12", "x").conda())
        self.done("standard input", "python.conda", "d")
        record = json.loads(self.read("d/conda-meta/nn-1.0-h0_0.json"))
        self.assertEqual((record["fn"], record["sha256"]), ("standard input", digest(data)))
        self.assertTrue(record["url"].endswith(("/standard input", "/standard%20input")), record["url"])

    def test_what_was_unpacked_can_move_again(self):
        """To a longer path, by what was remembered; a package that came later too."""
        self.write("demo.conda", demo().conda())
        self.write("more.conda", Package("more").add("bin/more", TEXT, "text", 0o755).add("lib/more", BINARY, "binary").conda())
        self.done("demo.conda", "d")
        self.done("--merge", "more.conda", "d")
        self.done("demo.conda", "more.conda", "a-longer-name")
        expected = tree(self.path("a-longer-name"))
        shutil.rmtree(self.path("a-longer-name"))
        os.rename(self.path("d"), self.path("a-longer-name"))
        result = self.run_command("conda-unpack", "a-longer-name")
        self.assertEqual(result.status, 0, result.err)
        found = tree(self.path("a-longer-name"))
        for name in ("bin/tool", "lib/x.so", "lib/large.so", "lib/link", "bin/more", "lib/more"):
            self.assertEqual(found[name], expected[name], name)

    def test_a_file_that_is_another(self):
        for archive in (lambda p: p.conda(), lambda p: p.tar_bz2()):
            package = Package().add("lib/a", TEXT, "text", sha256=digest(b"another"))
            self.write("demo-1.0-h0_0.tar.bz2", archive(package))
            self.refused("lib/a: the file is not the one that its metadata tells of: its SHA-256 is another", "demo-1.0-h0_0.tar.bz2", "d")
            package = Package().add("lib/a", NOISE, sha256=digest(b"another"))
            self.write("demo-1.0-h0_0.tar.bz2", archive(package))
            self.refused("its SHA-256 is another", "demo-1.0-h0_0.tar.bz2", "d")

    def test_metadata_that_lie(self):
        for why, change in (("names what the package does not hold", lambda p: p.paths.append({"_path": "lib/none", "path_type": "hardlink"})),
                            ("names what the package does not hold", lambda p: p.paths[0].update(path_type="softlink")),
                            ("info/paths.json", lambda p: p.paths[0].update(_path="../victim")),
                            ("info/paths.json", lambda p: p.paths.append(dict(p.paths[0]))),
                            ("a package for Windows (win-64)", lambda p: p.index.update(subdir="win-64")),
                            ("info/index.json", lambda p: p.index.update(name="../x")),
                            ("info/index.json", lambda p: p.info.update({"index.json": "[]"})),
                            ("info/index.json: missing", lambda p: p.info.update({"index.json": None}))):
            package = Package().add("lib/a", TEXT, "text")
            change(package)
            with self.subTest(why):
                self.write("demo.conda", package.conda())
                self.refused(why, "demo.conda", "d")
        self.write("demo.conda", Package().conda(order=("info", "pkg")))
        self.refused("a conda package without metadata.json", "demo.conda", "d")
        self.write("demo.conda", Package().conda(order=("metadata.json", "info")))
        self.refused("a conda package without pkg-", "demo.conda", "d")

    def test_a_package_that_is_cut_short(self):
        data = demo().add("lib/noise", os.urandom(60000)).conda()
        for size in [0, 1, 13, 50, 74, 150, *range(4096, len(data), 4096), len(data) - 1]:
            self.write("demo.conda", data[:size])
            self.refused("demo.conda", "demo.conda", "d")

    def test_a_digest_that_nobody_compares(self):
        """Out of a pipe, or where the archive's name does not say that it is a package."""
        package = Package().add("bin/a", TEXT, "text").add("share/b", "b", sha256=digest(b"c"))
        self.write("demo.tar.bz2", package.tar_bz2())
        self.refused("share/b: the file is not the one that its metadata tells of", "demo.tar.bz2", "d")
        self.refused("share/b: the file is not the one that its metadata tells of", "-", "d", stdin=package.tar_bz2())
        package = Package().add("share/b", "b", size_in_bytes=7, sha256=digest(b"b"))
        del package.paths[0]["sha256"]
        for name, data in (("demo-1.0-h0_0.tar.bz2", package.tar_bz2()), ("demo.conda", package.conda())):
            self.write(name, data)
            self.refused("share/b: the file", name, "d")

    def test_metadata_that_know_only_the_second_name_of_a_file(self):
        package = Package().add("bin/a", TEXT)
        package.files.append(hardlink("bin/b", "bin/a"))
        package.paths.append(dict(package.paths[0], _path="bin/b", file_mode="text", prefix_placeholder=PLACEHOLDER))
        self.write("demo.conda", package.conda())
        self.write("demo-1.0-h0_0.tar.bz2", package.tar_bz2())
        for archive in ("demo.conda", "demo-1.0-h0_0.tar.bz2"):
            self.done(archive, "d")
            for name in ("d/bin/a", "d/bin/b"):
                self.assertEqual(self.read(name).decode(), TEXT.replace(PLACEHOLDER, self.path("d")))
            shutil.rmtree(self.path("d"))
        package.paths[1]["sha256"] = digest(b"another")
        self.write("demo.conda", package.conda())
        self.refused("the file is not the one that its metadata tells of", "demo.conda", "d")

    def test_an_archive_that_is_called_like_a_package(self):
        """Its files move, and its info folder stays where it was."""
        self.write("my-app-1.0.tar.bz2", bz2.compress(tar([entry("bin/x", TEXT), entry("info/page", PLACEHOLDER)])))
        self.done("--from", PLACEHOLDER, "my-app-1.0.tar.bz2", "d")
        found = tree(self.path("d"))
        self.assertEqual(set(found), {"bin", "bin/x", "info", "info/page"})
        self.assertEqual(found["info/page"][0].decode(), self.path("d"))
        self.assertEqual(found["bin/x"][0].decode(), TEXT.replace(PLACEHOLDER, self.path("d")))

    def test_names_that_are_ours(self):
        for name in (".reseal-info-1/x", ".reseal-private.1/x"):
            self.write("demo.conda", Package().add(name, "x").conda())
            self.refused(name + ": a name that is kept for reseal is refused", "demo.conda", "d")

    def test_noarch_packages_in_any_order(self):
        python = Package("python", version="3.11.4").add("bin/python3.11", BINARY, "binary")
        noarch = Package("nn", subdir="noarch", noarch="python").add("site-packages/m.py", "x").add("python-scripts/s", TEXT, "text")
        noarch.files[:0] = [folder("site-packages"), folder("python-scripts")]
        names = {}
        for package in (python, noarch):
            for kind, data in (("%s.conda", package.conda()), ("%s-1-0.tar.bz2", package.tar_bz2()), ("%s.tbz", package.tar_bz2())):
                name = kind % package.index["name"]
                self.write(name, data)
                names.setdefault(package.index["name"], []).append(name)
        expected = None
        for one in names["python"]:
            for two in names["nn"]:
                for order in ([one, two], [two, one]):
                    self.done(*order, "d")
                    found = {name: what for name, what in tree(self.path("d")).items() if not name.startswith("conda-meta/")}
                    expected = expected or found
                    self.assertEqual(found, expected, order)
                    shutil.rmtree(self.path("d"))
        self.assertEqual({name for name in expected if "s" in name}, {"bin/s", "lib/python3.11/site-packages",
                                                                      "lib/python3.11/site-packages/m.py"})
        self.refused("--python X.Y says for which Python", "nn.conda", "d")
        self.refused("--python X.Y says for which Python", "nn.tbz", "d")
        self.refused("unpack it from a file", "--python", "3.11", "-", "d", stdin=self.read("nn.tbz"))

    def test_noarch_python(self):
        package = Package("pure", "noarch", noarch="python")
        package.add("site-packages/pure/__init__.py", "x = 1\n").add("python-scripts/pure-tool", TEXT, "text", 0o755)
        package.info["link.json"] = json.dumps({"package_metadata_version": 1, "noarch": {"type": "python", "entry_points": ["pure = pure.cli:main"]}})
        for name, data in (("pure.conda", package.conda()), ("pure-1.0-h0_0.tar.bz2", package.tar_bz2())):
            with self.subTest(name):
                self.write(name, data)
                self.refused("a noarch package: --python X.Y says for which Python", name, "d")
                self.done("--python", "3.12", name, "d")
                found = tree(self.path("d"))
                self.assertEqual(found["lib/python3.12/site-packages/pure/__init__.py"][0], b"x = 1\n")
                self.assertEqual(found["bin/pure-tool"], (TEXT.encode().replace(PLACEHOLDER.encode(), self.path("d").encode()), 0o755))
                self.assertTrue(found["bin/pure"][0].startswith(("#!%s/bin/python3.12\n" % self.path("d")).encode()))
                self.assertEqual(found["bin/pure"][1], 0o755)
                record = json.loads(found["conda-meta/pure-1.0-h0_0.json"][0])
                digests = {path["_path"]: path["sha256_in_prefix"] for path in record["paths_data"]["paths"]}
                self.assertEqual(digests, {path: digest(found[path][0]) for path in record["files"]})
                self.assertEqual(len(digests), 3)
                shutil.rmtree(self.path("d"))

    def test_the_python_among_the_archives_counts(self):
        self.write("python.conda", Package("python", version="3.11.4").add("bin/python3.11", BINARY, "binary", 0o755).conda())
        self.write("pure.conda", Package("pure", "noarch", noarch="python").add("site-packages/pure.py", "").conda())
        self.done("python.conda", "pure.conda", "d")
        self.assertIn("lib/python3.11/site-packages/pure.py", tree(self.path("d")))

    def test_links_in_metadata_are_not_made(self):
        package = Package().add("bin/demo", TEXT, "text")
        more = [entry("info/licenses/MIT", "free"), symlink("info/licenses/LICENSE", "MIT"), hardlink("info/COPYING", "info/licenses/MIT")]
        plain = package.metadata
        package.metadata = lambda: plain() + more
        for name, data in (("demo-1.0-h0_0.conda", package.conda()), ("demo-1.0-h0_0.tar.bz2", package.tar_bz2())):
            with self.subTest(name):
                self.write(name, data)
                self.done(name, "d")
                self.assertEqual(sorted(os.listdir(self.path("d"))), ["bin", "conda-meta"])
                shutil.rmtree(self.path("d"))

    def test_link_scripts_are_told_and_not_run(self):
        self.write("demo.conda", Package().add("bin/.demo-post-link.sh", "#!/bin/sh\ntouch ran\n", file_mode=0o755).conda())
        result = self.done("demo.conda", "d")
        self.assertIn("note: bin/.demo-post-link.sh: a script to be run on linking was not run", result.err)
        self.assertFalse(os.path.exists(self.path("ran")))


class CondaPack(UnpackTest):
    def packed(self, records, more=(), compress=gzip.compress):
        script = "#!/usr/bin/env python\nimport os\n_prefix_records = %r\n" % (records,)
        script = script.replace("), (", "),\n(")
        return compress(tar([folder("bin"), *more, entry("conda-meta/history", ""), entry("bin/conda-unpack", script, mode=0o755)]))

    def test_records_at_the_end(self):
        records = [("bin/tool", PLACEHOLDER, "text"), ("lib/x.so", PLACEHOLDER, "binary"), ("lib/none", PLACEHOLDER, "text")]
        meta = {"name": "py", "version": "1", "build": "0", "subdir": "osx-arm64", "files": ["bin/python3"],
                "paths_data": {"paths_version": 1, "paths": [
                    {"_path": "bin/python3", "path_type": "hardlink", "file_mode": "binary", "prefix_placeholder": PLACEHOLDER},
                    {"_path": "lib/x.so", "path_type": "hardlink", "file_mode": "binary", "prefix_placeholder": PLACEHOLDER,
                     "sha256": digest(b"other"), "sha256_in_prefix": digest(b"another")}]}}
        more = [entry("bin/tool", TEXT, mode=0o755), entry("lib/x.so", BINARY), hardlink("lib/again.so", "lib/x.so"),
                entry("bin/python3", BINARY, mode=0o755), entry("lib/unnamed", BINARY), symlink("lib/link", PLACEHOLDER + "/lib/x.so"),
                entry("conda-meta/py-1-0.json", json.dumps(meta))]
        self.write("env.tar.gz", self.packed(records, more))
        result = self.done("env.tar.gz", "d")
        self.assertIn(" (3 read again), 1 link; prefixes replaced in 3 files, 1 link moved", result.err)
        self.assertIn("note: lib/none: ", result.err)
        self.assertIn("note: lib/x.so: the file is not the one that its metadata tells of", result.err)
        found = tree(self.path("d"))
        for name in ("bin/tool", "lib/x.so", "bin/python3"):
            self.assertNotIn(PLACEHOLDER.encode(), found[name][0])
            self.assertIn(self.path("d").encode(), found[name][0])
        self.assertTrue(os.path.samefile(self.path("d/lib/x.so"), self.path("d/lib/again.so")))
        self.assertEqual(found["lib/unnamed"][0], BINARY)
        self.done("--unmanaged", "env.tar.gz", "u")
        self.assertEqual(tree(self.path("u"))["lib/unnamed"], tree(self.path("u"))["lib/x.so"])
        self.assertEqual(found["lib/link"], ("->", self.path("d") + "/lib/x.so"))

    def test_metadata_of_a_package_beside_an_environment_are_no_files_of_it(self):
        self.write("env.tar.gz", self.packed([("bin/tool", PLACEHOLDER, "text")], [entry("bin/tool", TEXT)]))
        package = Package(subdir="osx-arm64").add("lib/more.so", BINARY, "binary")
        self.write("demo-1.0-h0_0.tar.bz2", package.tar_bz2())
        self.write("demo-1.0-h0_0.conda", package.conda())
        for number, archives in enumerate((("env.tar.gz", "demo-1.0-h0_0.tar.bz2"), ("demo-1.0-h0_0.tar.bz2", "env.tar.gz"),
                                           ("env.tar.gz", "demo-1.0-h0_0.conda"), ("demo-1.0-h0_0.conda", "env.tar.gz"))):
            dest = "d%d" % number
            self.done("--unmanaged", *archives, dest)
            found = tree(self.path(dest))
            self.assertIn(self.path(dest).encode(), found["lib/more.so"][0])
            self.assertEqual([each for each in found if "info" in each], [])

    def test_a_digest_does_not_follow_because_metadata_tell_it_of_the_second_name_only(self):
        meta = {"name": "py", "version": "1", "build": "0", "subdir": "linux-64", "files": ["lib/z"], "paths_data": {
            "paths_version": 1, "paths": [{"_path": "lib/z", "path_type": "hardlink", "sha256_in_prefix": digest(BINARY)}]}}
        self.write("env.tar.gz", self.packed([("lib/x", PLACEHOLDER, "binary")], [
            entry("lib/x", BINARY), hardlink("lib/y", "lib/x"), hardlink("lib/z", "lib/y"),
            entry("conda-meta/py-1-0.json", json.dumps(meta))]))
        self.done("env.tar.gz", "d")
        told = json.loads(self.read("d/conda-meta/py-1-0.json"))["paths_data"]["paths"][0]["sha256_in_prefix"]
        self.assertEqual(told, digest(self.read("d/lib/x")))
        self.assertNotEqual(told, digest(BINARY))

    def test_a_large_file_that_is_named_late(self):
        """By either padding: one is written where it changes, the other anew."""
        gap = bytes(range(256)) * 2000
        before = gap.join([BINARY] * 5) + PLACEHOLDER.encode()
        old = PLACEHOLDER.encode()
        for mode in (0o644, 0o555):
            self.write("env.tar.gz", self.packed([("lib/x.so", PLACEHOLDER, "binary")], [entry("lib/x.so", before, mode=mode)]))
            for options in ((), ("--pad", "nul")):
                result = self.done(*options, "--report", "r.json", "env.tar.gz", "d")
                self.assertIn(" (1 read again); prefixes replaced in 1 file", result.err)
                data, found = tree(self.path("d"))["lib/x.so"]
                new = self.path("d").encode()
                self.assertEqual((len(data), found), (len(before), mode))
                self.assertEqual(data.count(new), 5 + (not options))
                if not options:
                    self.assertEqual(data, before.replace(old, new + b"/" * (len(old) - len(new))))
                report = json.loads(self.read("r.json"))
                self.assertEqual(report["files"][0]["sha256_after"], digest(data))
                shutil.rmtree(self.path("d"))

    def test_what_was_asked_for_is_replaced_twice(self):
        """--from goes over the files before their records have come."""
        text = PLACEHOLDER + "/bin:/opt/q/x\n"
        self.write("env.tar.gz", self.packed([("bin/t", PLACEHOLDER, "text")], [entry("bin/t", text), entry("bin/u", "/opt/q\n")]))
        self.done("--from", "/opt/q", "--to", "/opt/q/env", "env.tar.gz", "d")
        self.assertEqual(self.read("d/bin/t").decode(), self.path("d") + "/bin:/opt/q/env/x\n")
        self.assertEqual(self.read("d/bin/u").decode(), "/opt/q/env\n")
        self.refused("unpack it from a file", "--from", "/opt/q", "--to", "/opt/q/env", "-", "e", stdin=self.read("d/../env.tar.gz"))

    def test_records_that_are_a_program(self):
        script = "_prefix_records = [(open('/etc/passwd').read(), 'x', 'text')]\n"
        self.write("env.tar", tar([entry("bin/conda-unpack", script)]))
        self.refused("env.tar", "env.tar", "d")
        for path in ("../victim", "/etc/passwd"):
            self.write("env.tar", self.packed([(path, PLACEHOLDER, "text")], compress=bytes))
            self.refused("env.tar", "env.tar", "d")

    def test_a_prefix_that_is_too_long(self):
        self.write("env.tar.gz", self.packed([("lib/x.so", "/o", "binary"), ("lib/y.so", "/o", "binary")],
                                                  [entry("lib/x.so", b"/o/x\0"), entry("lib/y.so", b"/o/y\0")]))
        result = self.refused("refused for 2 files", "env.tar.gz", "d", status=2)
        self.assertIn("lib/x.so: ", result.err)
        self.assertIn("lib/y.so: ", result.err)


if __name__ == "__main__":
    unittest.main()
