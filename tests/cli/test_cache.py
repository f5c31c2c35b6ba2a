#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""reseal cache: what stands in a cache afterwards, what never does, and what is said."""
import base64
import hashlib
import json
import lzma
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import unittest

from command import FROM, CommandTest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from nar import folder, link, nar, regular

STORE = "/nix/store"
DIGITS = "0123456789abcdfghijklmnpqrsvwxyz"
# A pair that nix-store --generate-binary-cache-key made.
SECRET = b"test-1:EqFHCIfy6qzhZB9n1KktQOzUV8a+e120U5p9lVLdJOZM6eF1eFtjSTKfbP7ocEYlOLMFFtXiTYEqwn1gaAqyVQ=="
OLD, NEW, DEP, USER = (letter * 32 for letter in "abcd")


def base32(data):
    bits = int.from_bytes(data, "little")
    return "".join(DIGITS[bits >> 5 * i & 31] for i in reversed(range((len(data) * 8 + 4) // 5)))


def sha256(data):
    return "sha256:" + base32(hashlib.sha256(data).digest())


def store_path(kind, digest, name):
    full = hashlib.sha256(f"{kind}:sha256:{digest.hex()}:{STORE}:{name}".encode()).digest()
    folded = bytearray(20)
    for i, byte in enumerate(full):
        folded[i % 20] ^= byte
    return f"{STORE}/{base32(bytes(folded))}-{name}"


def read_narinfo(text):
    lines = [line.split(": ", 1) for line in text.decode().splitlines()]
    fields = {key: value for key, value in lines if key != "Sig"}
    fields["Sig"] = [value for key, value in lines if key == "Sig"]
    return fields


class Cache(CommandTest):
    def cache(self, *arguments, **more):
        return self.run_command("cache", *arguments, **more)

    def key(self):
        self.write("key", SECRET)
        os.chmod(self.path("key"), 0o600)
        return "key"

    def put(self, cache, base, archive, references=(), compression="none", **more):
        """A path in a cache, as Nix writes it."""
        os.makedirs(self.path(cache + "/nar"), exist_ok=True)
        self.write(cache + "/nix-cache-info", b"StoreDir: /nix/store\nPriority: 41\n")
        file = lzma.compress(archive) if compression == "xz" else archive
        url = "nar/" + base + ".nar"
        self.write(cache + "/" + url, file)
        fields = {"StorePath": STORE + "/" + base, "URL": url, "Compression": compression, "FileHash": sha256(file),
                  "FileSize": len(file), "NarHash": sha256(archive), "NarSize": len(archive), "References": " ".join(references), **more}
        self.write(cache + "/" + base[:32] + ".narinfo", "".join(f"{k}: {v}\n" for k, v in fields.items()).encode())

    def info(self, cache, hash_part):
        return read_narinfo(self.read(f"{cache}/{hash_part}.narinfo"))

    def archive(self, cache, hash_part):
        """The archive behind a narinfo, after holding it against what the narinfo says."""
        info = self.info(cache, hash_part)
        file = self.read(cache + "/" + info["URL"])
        self.assertEqual((info["FileHash"], int(info["FileSize"])), (sha256(file), len(file)))
        self.assertIn(info["FileHash"].split(":")[1], info["URL"])
        data = {"none": lambda: file, "xz": lambda: lzma.decompress(file),
                "zstd": lambda: subprocess.run(["zstd", "-qdc"], input=file, stdout=subprocess.PIPE, check=True).stdout}[info["Compression"]]()
        self.assertEqual((info["NarHash"], int(info["NarSize"])), (sha256(data), len(data)))
        return data

    def two(self, cache="src", **more):
        """One path that refers to itself, and one that refers to that."""
        def content(old):
            return nar(folder(a=regular(f"{STORE}/{old}-foo/bin and {old} alone".encode()), b=link(f"../{old}-foo".encode())))

        def user(old):
            return nar(regular(f"{old}-foo".encode() * 1000))
        self.put(cache, OLD + "-foo", content(OLD), [DEP + "-dep", OLD + "-foo"], Deriver=f"{OLD}-foo.drv", **more)
        self.put(cache, USER + "-user", user(OLD), [OLD + "-foo"], compression="xz", Sig="old-1:AAAA")
        self.put(cache, DEP + "-dep", nar(regular(b"nothing")), Sig="old-1:BBBB")
        return content, user

    def rewrite_two(self, *more):
        return self.cache("rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo", *more)

    # ── keygen ──

    def test_keygen_makes_two_files_of_one_key_that_only_the_owner_may_read(self):
        os.umask(0)
        self.addCleanup(os.umask, 0o022)
        result = self.cache("keygen", "cache.example.org-1", "s", "p")
        self.assertEqual((result.status, result.out, result.err), (0, b"", ""))
        name, secret = self.read("s").split(b":")
        secret = base64.b64decode(secret, validate=True)
        self.assertEqual((name, len(secret)), (b"cache.example.org-1", 64))
        self.assertEqual(self.read("p"), name + b":" + base64.b64encode(secret[32:]))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("s")).st_mode), 0o600)

    def test_keygen_replaces_nothing_and_leaves_no_half(self):
        for there in ("s", "p"):
            with self.subTest(there):
                self.write(there, b"mine")
                result = self.cache("keygen", "k-1", "s", "p")
                self.assertEqual((result.status, result.err), (1, f"reseal: {there}: cannot create: File exists\n"))
                self.assertEqual((self.names(), self.read(there)), ([there], b"mine"))
                os.unlink(self.path(there))
        result = self.cache("keygen", "k-1", "s", "s")
        self.assertEqual((result.status, self.names()), (1, []))

    def test_a_key_that_others_may_read_is_a_warning_and_a_broken_one_is_not_shown(self):
        self.two()
        self.write("key", SECRET)
        os.chmod(self.path("key"), 0o644)
        result = self.rewrite_two("--key", "key")
        self.assertEqual((result.status, result.lines()[0]),
                         (0, "reseal: warning: key: a secret key that others may get at (mode 0644); chmod 600 it"))
        self.write("key", SECRET[:-8])
        result = self.rewrite_two("--key", "key")
        self.assertEqual((result.status, result.err), (1, "reseal: key: not a secret key: NAME, ':' and 64 bytes in base 64 are\n"))

    # ── rewrite ──

    def test_paths_references_and_contents_are_renamed(self):
        content, user = self.two()
        result = self.rewrite_two("--key", self.key())
        self.assertEqual((result.status, result.lines()),
                         (0, ["reseal: 3 paths written (1 renamed, 1003 substitutions, 0 images resealed)"]))
        self.assertEqual(sorted(os.listdir(self.path("dst"))), sorted(["nar", "nix-cache-info"] + [h + ".narinfo" for h in (NEW, DEP, USER)]))
        self.assertEqual(self.archive("dst", NEW), content(NEW))
        self.assertEqual(self.archive("dst", USER), user(NEW))
        info = self.info("dst", NEW)
        self.assertEqual(info["StorePath"], f"{STORE}/{NEW}-foo")
        self.assertEqual(info["References"], f"{NEW}-foo {DEP}-dep")
        self.assertEqual(info["Deriver"], f"{OLD}-foo.drv")
        self.assertEqual(self.info("dst", USER)["References"], f"{NEW}-foo")
        self.assertEqual(self.info("dst", USER)["Compression"], "xz")
        self.assertEqual(self.read("dst/nix-cache-info"), b"StoreDir: /nix/store\nPriority: 41\n")
        self.assertEqual([s.split(":")[0] for s in info["Sig"]], ["test-1"])

    def test_another_path_or_other_contents_under_the_new_name_count_as_there(self):
        self.two()
        for base, archive in ((NEW + "-bar", nar(regular(b"another"))), (NEW + "-foo", nar(regular(b"other")))):
            with self.subTest(base):
                shutil.rmtree(self.path("dst"), ignore_errors=True)
                self.put("dst", base, archive, [DEP + "-dep", NEW + "-foo"], Deriver=f"{OLD}-foo.drv")
                before = self.read(f"dst/{NEW}.narinfo")
                result = self.rewrite_two()
                self.assertEqual(result.status, 1)
                self.assertIn(f"nar/{OLD}-foo.nar: the cache has another {base}, of sha256:", result.err)
                self.assertEqual(self.read(f"dst/{NEW}.narinfo"), before)

    def test_a_name_of_the_same_length_is_replaced_with_its_hash(self):
        self.put("src", OLD + "-foo-1", nar(regular(f"{OLD}-foo-1 {OLD}".encode())))
        result = self.cache("rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo-1", f"{STORE}/{NEW}-bar-2")
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.archive("dst", NEW), nar(regular(f"{NEW}-bar-2 {NEW}".encode())))

    def test_a_signature_stays_only_where_what_it_signs_does(self):
        self.two()
        result = self.rewrite_two()
        self.assertEqual(result.lines()[0], "reseal: note: 2 paths without signature or content address; Nix asks for one unless told "
                                            "otherwise. --key FILE signs")
        self.assertEqual([self.info("dst", h)["Sig"] for h in (NEW, USER, DEP)], [[], [], ["old-1:BBBB"]])

    def test_every_compression(self):
        content, user = self.two()
        for choice in ("none", "xz:1", "zstd"):
            if choice == "zstd" and shutil.which("zstd") is None:
                continue
            with self.subTest(choice):
                self.assertEqual(self.rewrite_two("--compress", choice).status, 0)
                self.assertEqual([self.info("dst", h)["Compression"] for h in (NEW, USER, DEP)], [choice.split(":")[0]] * 3)
                self.assertEqual((self.archive("dst", NEW), self.archive("dst", USER)), (content(NEW), user(NEW)))

    def test_what_is_there_is_left_alone_and_a_lost_archive_is_not(self):
        self.two()
        key = self.key()
        self.rewrite_two("--key", key)
        before = {name: os.stat(self.path("dst/" + name)).st_ino for name in os.listdir(self.path("dst")) if name != "nar"}
        result = self.rewrite_two("--key", key)
        self.assertEqual((result.status, result.lines()), (0, ["reseal: 0 paths written, 3 there already"]))
        self.assertEqual({name: os.stat(self.path("dst/" + name)).st_ino for name in before}, before)
        os.truncate(self.path("dst/" + self.info("dst", NEW)["URL"]), 10)
        os.unlink(self.path("dst/" + self.info("dst", USER)["URL"]))
        result = self.rewrite_two("--key", key)
        self.assertEqual(result.lines()[-1][:51], "reseal: 2 paths written (1 renamed, 1003 substituti")
        self.archive("dst", NEW)
        self.archive("dst", USER)

    def test_one_that_is_there_unsigned_is_signed_when_a_key_is_given(self):
        self.two()
        self.assertEqual(self.rewrite_two("-q").err, "")
        self.rewrite_two("--key", self.key())
        self.assertEqual([s.split(":")[0] for s in self.info("dst", NEW)["Sig"]], ["test-1"])

    def test_signed_programs_are_resealed(self):
        old, new = f"{OLD}-foo".encode(), f"{NEW}-foo".encode()
        program = self.fixture("a/exe.arm64")
        at = program.index(FROM)
        # The program's own rule puts the store path into it; the command has to do what `reseal rewrite` does.
        target = (old + b"/" + b"x" * len(FROM))[:len(FROM)]
        self.write("program", program)
        self.assertEqual(self.rewrite("-r", FROM, target, "-o", "program", "program").status, 0)
        self.assertEqual(self.read("program")[at:at + len(old)], old)
        self.put("src", OLD + "-foo", nar(folder(tool=regular(self.read("program"), True))))
        result = self.cache("rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo")
        self.assertRegex(result.err, r"1 path written \(1 renamed, \d+ substitutions, 1 image resealed\)")
        self.write("out.nar", self.archive("dst", NEW))
        self.assertEqual(self.run_command("nar", "restore", "out", "out.nar").status, 0)
        self.assertIn(new, self.read("out/tool"))
        result = self.run_command("verify", "out/tool")
        self.assertEqual(result.status, 0, result.out)

    def test_a_refused_image_leaves_that_path_out_and_the_others_in(self):
        data = bytearray(self.fixture("a/exe.arm64"))
        old = f"{OLD}-foo".encode()
        at = data.index(FROM)
        data[at:at + len(old)] = old
        self.put("src", OLD + "-foo", nar(folder(tool=regular(bytes(data), True))))
        self.put("src", USER + "-user", nar(regular(old)), [OLD + "-foo"])
        result = self.rewrite_two()
        self.assertEqual(result.status, 2)
        self.assertRegex(result.lines()[0], rf"^reseal: {OLD}-foo: tool: .*\(offset \d+\)$")
        self.assertEqual(sorted(os.listdir(self.path("dst"))), sorted(["nar", "nix-cache-info", USER + ".narinfo"]))
        self.assertEqual(len(os.listdir(self.path("dst/nar"))), 1)
        result = self.rewrite_two("--stale", "reseal")
        self.assertEqual(result.status, 0)
        self.assertIn("reseal: 1 path written (1 renamed, 1 substitution, 1 image resealed), 1 there already", result.lines())

    def test_a_hash_in_a_name_is_refused_or_kept(self):
        self.put("src", OLD + "-foo", nar(folder(**{OLD: regular(b"x")})))
        result = self.rewrite_two()
        self.assertEqual((result.status, os.listdir(self.path("dst/nar"))), (2, []))
        self.assertIn(f"{OLD}-foo: {OLD}: ", result.lines()[0])
        self.assertEqual(self.rewrite_two("--names", "keep").status, 0)
        self.assertEqual(self.archive("dst", NEW), nar(folder(**{OLD: regular(b"x")})))

    # ── content addresses ──

    def content_addressed(self, name, text, positions):
        """(archive, path, address) of a file that holds `text` with the path's hash part in place of %s."""
        zeroed = nar(regular(text % (b"\0" * 32)))
        at = zeroed.find(b"\0" * 32)
        digest = hashlib.sha256(zeroed + (b"|%d" % at if positions else b"")).digest()
        path = store_path("source:self", digest, name)
        return nar(regular(text % path[11:43].encode())), path, "fixed:r:sha256:" + base32(digest)

    def test_a_content_address_is_there_only_where_it_holds(self):
        for positions in (True, False):
            archive, path, address = self.content_addressed("foo", b"see %s, that is me", positions)
            hash_part = path[11:43]
            wrong = archive.replace(hash_part.encode(), OLD.encode())
            with self.subTest("scratch to final", positions=positions):
                self.put("src", OLD + "-foo", wrong, [OLD + "-foo"], CA=address)
                result = self.cache("rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo", path)
                self.assertEqual(result.status, 0, result.err)
                self.assertEqual((self.archive("dst", hash_part), self.info("dst", hash_part)["CA"]), (archive, address))
            with self.subTest("final to another", positions=positions):
                shutil.rmtree(self.path("src"))
                self.put("src", hash_part + "-foo", archive, [hash_part + "-foo"], CA=address)
                result = self.cache("rewrite", "src", "other", "-r", path, f"{STORE}/{NEW}-foo")
                self.assertEqual((result.status, result.lines()[0]), (
                    1, f"reseal: {STORE}/{NEW}-foo: its content address does not hold any more, so it has to be signed: --key FILE"))
                self.assertEqual((sorted(os.listdir(self.path("other"))), os.listdir(self.path("other/nar"))), (["nar", "nix-cache-info"], []))
                result = self.cache("rewrite", "src", "other", "-r", path, f"{STORE}/{NEW}-foo", "--key", self.key())
                self.assertEqual(result.status, 0, result.err)
                self.assertNotIn("CA", self.info("other", NEW))
                self.assertEqual(len(self.info("other", NEW)["Sig"]), 1)
            for each in ("src", "dst", "other"):
                shutil.rmtree(self.path(each))

    def test_a_content_address_of_what_nothing_touched_stays(self):
        digest = hashlib.sha256(b"text").digest()
        path = store_path("text", digest, "t")
        self.two()
        self.put("src", path[11:], nar(regular(b"text")), CA="text:sha256:" + base32(digest))
        git = "fixed:git:sha1:" + "0" * 32
        self.put("src", "f" * 32 + "-git", nar(regular(b"x")), CA=git)
        self.assertEqual(self.rewrite_two().status, 0)
        self.assertEqual(self.info("dst", path[11:43])["CA"], "text:sha256:" + base32(digest))
        self.assertEqual(self.info("dst", "f" * 32)["CA"], git)

    def test_a_text_whose_reference_is_renamed_gets_its_new_address(self):
        def text(hash_part):
            body = f"see {STORE}/{hash_part}-foo".encode()
            digest = hashlib.sha256(body).digest()
            return nar(regular(body)), store_path(f"text:{STORE}/{hash_part}-foo", digest, "t"), "text:sha256:" + base32(digest)
        (old_nar, old, old_ca), (new_nar, new, new_ca) = text(OLD), text(NEW)
        self.put("src", old[11:], old_nar, [OLD + "-foo"], CA=old_ca)
        result = self.rewrite_two("-r", old, new)
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual((self.archive("dst", new[11:43]), self.info("dst", new[11:43])["CA"]), (new_nar, new_ca))

    # ── bad input ──

    def test_a_cache_that_lies_about_an_archive(self):
        self.two()
        good = self.read(f"src/nar/{OLD}-foo.nar")
        for what, data, said in (("another", good.replace(b"alone", b"along"), "its hash is sha256:"),
                                 ("shorter", good[:-8], None), ("longer", good + b"x" * 9, "more bytes than its narinfo says"),
                                 ("empty", b"", "0 bytes; its narinfo says"), ("no archive", b"x" * len(good), None)):
            with self.subTest(what):
                self.write(f"src/nar/{OLD}-foo.nar", data)
                result = self.rewrite_two()
                self.assertEqual(result.status, 1)
                if said:
                    self.assertIn(f"reseal: src/nar/{OLD}-foo.nar: {said}", result.err)
                self.assertFalse(os.path.exists(self.path(f"dst/{NEW}.narinfo")))
                self.assertEqual([name for name in os.listdir(self.path("dst/nar")) if "tmp" in name], [])

    def test_a_hostile_narinfo_is_named_with_its_line_and_nothing_is_written(self):
        self.two()
        path = f"src/{OLD}.narinfo"
        good = self.read(path)
        for bad, said in ((good.replace(b"URL: nar/", b"URL: ../nar/"), "line 2: URL: not one of a file in this cache"),
                          (good.replace(b"URL: ", b"URL: /etc/"), "line 2: URL: not one of a file in this cache"),
                          (good + b"X: a\0b\n", "line 10: it holds a NUL"), (good + b"A" * (5 << 20), "more than 4194304 bytes"),
                          (good.replace(OLD.encode(), DEP.encode(), 1), "line 1: StorePath: a path of another hash part"),
                          (good.replace(b"StorePath: /nix/", b"StorePath: /gnu/"), "a path of /gnu/store, not of /nix/store"),
                          (b"\x7fELF" * 1000, "line 1: it does not end"), (b"", "no StorePath")):
            with self.subTest(said):
                self.write(path, bad)
                result = self.rewrite_two()
                self.assertEqual((result.status, result.err[:len(f"reseal: {path}: {said}")]), (1, f"reseal: {path}: {said}"))
                self.assertEqual(self.names(), ["src"])
        os.unlink(self.path(path))
        os.mkfifo(self.path(path))
        self.assertEqual(self.rewrite_two().err, f"reseal: {path}: not a regular file\n")

    def test_what_cannot_be_meant(self):
        self.two()
        old, new = f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo"
        for arguments, said in (
                (("src", "dst", "-r", old, new + "x"), f"-r: {old} and {new}x have names of 3 and 4 bytes; they must be of one length"),
                (("src", "dst", "-r", old, f"/gnu/store/{NEW}-foo"), "-r: paths of two stores: /nix/store and /gnu/store"),
                (("src", "dst", "-r", old, new, "-r", old, new), f"-r: given twice: {old}"),
                (("src", "dst", "-r", old, new, "-r", f"{STORE}/{DEP}-foo", new), f"-r: two paths would become {new}"),
                (("src", "dst", "-r", OLD, NEW), f"-r: not the full path of a store path: {OLD}"),
                (("src", "dst"), "-r: is needed"), (("src", "-r", old, new), "DST: is needed"),
                (("src", "dst", "x", "-r", old, new), "DST: one, not also x"),
                (("src", "dst", "-r", old, new, "--compress", "br"), "--compress: no such format: br; same, none, gzip, bzip2, xz or zstd")):
            with self.subTest(said):
                result = self.cache("rewrite", *arguments)
                self.assertEqual((result.status, result.lines()), (1, ["reseal: " + said, "reseal: see reseal cache rewrite --help"]))
        for arguments, said in ((("src", "src", "-r", old, new), "src: SRC and DST are the same folder"),
                                (("no", "dst", "-r", old, new), "no: cannot open: No such file or directory"),
                                (("src", "dst", "-r", old, f"{STORE}/{USER}-foo"),
                                 f"{USER}-user and {OLD}-foo would both have the hash part {USER}"),
                                (("src", "dst", "-r", old.replace("nix", "gnu"), new.replace("nix", "gnu")),
                                 "src: a cache of /nix/store, not of /gnu/store")):
            with self.subTest(said):
                result = self.cache("rewrite", *arguments)
                self.assertEqual((result.status, result.err), (1, f"reseal: {said}\n"))
        self.assertEqual(self.names(), ["src"])

    def test_a_swap(self):
        self.put("src", OLD + "-foo", nar(regular(f"{OLD} {NEW}".encode())), [NEW + "-bar"])
        self.put("src", NEW + "-bar", nar(regular(f"{NEW} {OLD}".encode())))
        result = self.cache("rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo", "-r", f"{STORE}/{NEW}-bar", f"{STORE}/{OLD}-bar")
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.archive("dst", NEW), nar(regular(f"{NEW} {OLD}".encode())))
        self.assertEqual(self.info("dst", NEW)["References"], OLD + "-bar")

    def test_a_path_nobody_knows_is_a_note(self):
        self.two()
        result = self.rewrite_two("-r", f"{STORE}/{'f' * 32}-x", f"{STORE}/{'g' * 32}-x")
        self.assertEqual((result.status, result.lines()[0]), (0, f"reseal: note: {STORE}/{'f' * 32}-x is neither in src nor referred to there"))

    def test_a_destination_that_cannot_be_written(self):
        self.two()
        self.write("dst", b"mine")
        result = self.rewrite_two()
        self.assertEqual((result.status, self.read("dst")), (1, b"mine"))
        os.unlink(self.path("dst"))
        os.mkdir(self.path("dst"))
        self.write("dst/nix-cache-info", b"StoreDir: /gnu/store\n")
        self.assertEqual(self.rewrite_two().err, "reseal: dst: a cache of /gnu/store, not of /nix/store\n")

    # ── kills ──

    def many(self, count, size):
        for i in range(count):
            base = DIGITS[i // 32] + DIGITS[i % 32] + OLD[2:] + "-p"
            self.put("src", base, nar(regular(f"{OLD}-foo {i} ".encode() + random.Random(i).randbytes(size))), [OLD + "-foo"])

    def whole(self, cache):
        """Every narinfo in a cache is right, whenever one looks."""
        names = [name[:32] for name in os.listdir(self.path(cache)) if name.endswith(".narinfo")]
        for name in names:
            self.archive(cache, name)
        return len(names)

    def started(self, *more):
        process = self.start("cache", "rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo", *more)
        end = time.monotonic() + 20
        while not (os.path.isdir(self.path("dst")) and any(name.endswith(".narinfo") for name in os.listdir(self.path("dst")))):
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), end)
        return process

    def test_killed_in_the_middle_what_is_there_is_whole_and_a_second_run_completes_it(self):
        # Compressing makes it slow enough for a signal to arrive in the middle.
        count = 50
        self.many(count, 100_000)
        for sign in (signal.SIGKILL, signal.SIGTERM):
            with self.subTest(sign):
                shutil.rmtree(self.path("dst"), ignore_errors=True)
                process = self.started("--jobs", "2", "--compress", "xz")
                process.send_signal(sign)
                self.assertEqual(process.wait(), -sign)
                there = self.whole("dst")
                self.assertLess(there, count)
                if sign != signal.SIGKILL:
                    self.assertEqual([name for name in os.listdir(self.path("dst/nar")) if name.startswith(".")], [])
                result = self.rewrite_two("--jobs", "2", "--compress", "xz")
                self.assertEqual((result.status, result.lines()[-1]), (
                    0, f"reseal: {count - there} paths written (0 renamed, {count - there} substitutions, 0 images resealed), {there} there already"))
                self.assertEqual(self.whole("dst"), count)
                self.assertEqual([name for name in os.listdir(self.path("dst/nar")) if name.startswith(".")], [])

    def test_the_number_of_jobs_changes_nothing(self):
        self.many(40, 10_000)
        for jobs in ("1", "7"):
            result = self.cache("rewrite", "src", "dst" + jobs, "-r", f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo", "--jobs", jobs)
            self.assertEqual(result.status, 0, result.err)
        self.assertEqual(subprocess.run(["diff", "-r", self.path("dst1"), self.path("dst7")], stdout=subprocess.PIPE).stdout, b"")

    def test_two_at_once_take_turns(self):
        self.many(25, 100_000)
        first = self.started("--jobs", "1", "--compress", "xz")
        result = self.rewrite_two("--jobs", "1", "--compress", "xz")
        self.assertEqual(first.wait(), 0)
        self.assertEqual((result.status, result.lines()), (
            0, ["reseal: note: dst: waiting for another reseal to be done with it", "reseal: 0 paths written, 25 there already"]))
        self.assertEqual(self.whole("dst"), 25)

    def test_progress_on_a_terminal(self):
        self.put("src", OLD + "-foo", nar(regular(random.Random(1).randbytes(4 << 20))))
        terminal, error = self.new_terminal()
        process = self.start("cache", "rewrite", "src", "dst", "-r", f"{STORE}/{OLD}-foo", f"{STORE}/{NEW}-foo", "--compress", "xz", stderr=error)
        os.close(error)
        shown = self.shown(terminal, process)
        self.assertRegex(shown, rb"\r\[#* *\] \d+\.\d of 4\.0 MiB, \d+\.\d MiB/s, \d+ s left\x1b\[K")
        self.assertTrue(shown.endswith(b"\r\x1b[Kreseal: note: 1 path without signature or content address; Nix asks for one unless told otherwise. "
                                       b"--key FILE signs\r\nreseal: 1 path written (1 renamed, 0 substitutions, 0 images resealed)\r\n"), shown)

    # ── add ──

    def tree(self, base, files):
        path = f"nix/store/{base}"
        os.makedirs(self.path(path))
        for name, data in files.items():
            self.write(f"{path}/{name}", data)
        return path

    def test_references_are_what_stands_beside_and_within(self):
        self.tree(DEP + "-dep", {"x": b"x"})
        self.tree(DEP + "-dep.lock", {})
        self.tree(OLD + "-unused", {"x": b"x"})
        path = self.tree(USER + "-user", {"a": f"{DEP} {USER} {NEW}".encode()})
        result = self.cache("add", "c", "--from", path, "--compress", "none", "--store-dir", STORE, "--key", self.key())
        self.assertEqual((result.status, result.lines()[0]), (0, f"reseal: note: {DEP}-dep is not in the cache; {USER}-user refers to it"))
        info = self.info("c", USER)
        self.assertEqual((info["StorePath"], info["References"]), (f"{STORE}/{USER}-user", f"{DEP}-dep {USER}-user"))
        self.assertEqual(self.archive("c", USER), nar(folder(a=regular(f"{DEP} {USER} {NEW}".encode()))))
        self.assertEqual(self.read("c/nix-cache-info"), b"StoreDir: /nix/store\n")
        self.assertNotIn("CA", info)

    def test_several_paths_and_the_store_is_where_they_lie(self):
        paths = [self.tree(h + "-x", {"x": h.encode()}) for h in (OLD, NEW, DEP)]
        result = self.cache("add", "c", "-q", "--compress", "xz", "--from", *paths[:2], "--from", paths[2] + "/")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual([self.info("c", h)["StorePath"] for h in (OLD, NEW, DEP)], [os.path.realpath(self.path(p)) for p in paths])
        self.assertEqual([self.archive("c", h) for h in (OLD, NEW)], [nar(folder(x=regular(h.encode()))) for h in (OLD, NEW)])

    def described(self, path, archive, **more):
        return {"path": f"{STORE}/{os.path.basename(path)}", "realPath": self.path(path), "narSize": len(archive),
                "narHash": "sha256-" + base64.b64encode(hashlib.sha256(archive).digest()).decode(), "references": [], **more}

    def add_json(self, output, *more):
        self.write("out.json", json.dumps({"version": 1, "outputs": {"out": output}}).encode())
        return self.cache("add", "c", "--from", "out.json", "--compress", "none", *more)

    def test_json_of_a_content_addressed_path(self):
        archive, path, address = self.content_addressed("foo", b"%s", True)
        base = path[11:]
        os.makedirs(self.path("nix/store"))
        tree = self.write("nix/store/" + base, base[:32].encode())
        output = self.described(tree, archive, ca=address, caScheme="nix", references=[path])
        self.assertEqual(self.add_json(output).status, 0)
        self.assertEqual((self.info("c", base[:32])["CA"], self.info("c", base[:32])["References"]), (address, base))

        result = self.add_json({**output, "references": []})
        self.assertEqual((result.status, result.err), (1, f"reseal: out.json: outputs.out.ca: it is not the address of {base}\n"))

        shutil.rmtree(self.path("c"))
        signed_only = {**output, "caScheme": "reseal-1"}
        result = self.add_json(signed_only)
        self.assertEqual((result.status, result.err), (1, f"reseal: out.json: {base} has a content address that Nix would refuse (reseal-1), "
                                                          "so it has to be signed: --key FILE\n"))
        self.assertFalse(os.path.exists(self.path("c")))
        self.assertEqual(self.add_json(signed_only, "--key", self.key()).status, 0)
        self.assertNotIn("CA", self.info("c", base[:32]))
        self.assertEqual(len(self.info("c", base[:32])["Sig"]), 1)

    def test_json_from_standard_input_and_of_one_path(self):
        archive = nar(folder(x=regular(b"x")))
        tree = self.tree(OLD + "-x", {"x": b"x"})
        output = self.described(tree, archive, signatures=["old-1:AAAA"], ca=None, caScheme=None)
        result = self.cache("add", "c", "-q", "--from", "-", stdin=json.dumps(output).encode())
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(self.info("c", OLD)["Sig"], ["old-1:AAAA"])
        # Signed later: both signatures are there.
        self.assertEqual(self.add_json(output, "--key", self.key()).status, 0)
        self.assertEqual([s.split(":")[0] for s in self.info("c", OLD)["Sig"]], ["old-1", "test-1"])

    def test_a_path_that_is_added_again_forgets_what_was_known_of_it(self):
        self.tree(DEP + "-dep", {"x": b"x"})
        tree = self.tree(OLD + "-x", {"a": DEP.encode()})
        archive = nar(folder(a=regular(DEP.encode())))
        output = self.described(tree, archive, references=[f"{STORE}/{DEP}-dep"])
        self.assertEqual(self.add_json(output, "--key", self.key()).status, 0)
        self.write(f"c/{OLD}.narinfo", self.read(f"c/{OLD}.narinfo") + f"Deriver: {OLD}-x.drv\nWhatever: there is\n".encode())
        before = self.info("c", OLD)
        os.makedirs(self.path("alone"))
        os.rename(self.path(tree), self.path("alone/" + OLD + "-x"))
        result = self.cache("add", "c", "-q", "--from", "alone/" + OLD + "-x", "--compress", "none", "--store-dir", STORE)
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(self.info("c", OLD), before)
        self.assertEqual(len(before["Sig"]), 1)

    def test_an_address_is_lost_when_its_path_is_added_again(self):
        archive, path, address = self.content_addressed("foo", b"%s", True)
        base = path[11:]
        os.makedirs(self.path("nix/store"))
        tree = self.write("nix/store/" + base, base[:32].encode())
        self.assertEqual(self.add_json(self.described(tree, archive, ca=address, caScheme="nix", references=[path])).status, 0)
        result = self.cache("add", "c", "-q", "--from", "nix/store/" + base, "--compress", "none", "--store-dir", STORE)
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(self.info("c", base[:32])["CA"], address)

    def test_a_store_that_cannot_be_one(self):
        tree = self.tree(OLD + "-x", {})
        for store in ("rel/x", "/nix/store/"):
            result = self.cache("add", "c", "--from", tree, "--store-dir", store)
            self.assertEqual((result.status, result.lines()[0][:33]), (1, "reseal: --store-dir: not a store:"))
        self.assertFalse(os.path.exists(self.path("c")))

    def test_what_was_registered_into_another_folder_than_it_will_be_seen_in(self):
        os.makedirs(self.path("store"))
        self.tree("out", {"a": f"{STORE}/{OLD}-foo".encode()})
        self.write("spec.json", json.dumps({"version": 1, "storeDir": STORE, "realStore": self.path("store"), "outputs": {"out": {
            "kind": "ca-floating", "name": "foo", "scratchPath": f"{STORE}/{OLD}-foo", "tree": self.path("nix/store/out")}}}).encode())
        result = self.run_command("register", "--spec", "spec.json")
        self.assertEqual(result.status, 0, result.err)
        path = json.loads(result.out)["outputs"]["out"]["path"]
        added = self.cache("add", "c", "-q", "--from", "-", "--compress", "none", "--real-store", "store", stdin=result.out)
        self.assertEqual((added.status, added.err), (0, ""))
        self.assertEqual(self.archive("c", path[11:43]), nar(folder(a=regular(path.encode()))))
        info = self.info("c", path[11:43])
        self.assertEqual((info["StorePath"], info["References"]), (path, path[11:]))
        self.assertTrue(info["CA"].startswith("fixed:r:sha256:"))

    def test_a_tree_that_is_not_what_was_registered(self):
        archive = nar(folder(x=regular(b"x")))
        tree = self.tree(OLD + "-x", {"x": b"y"})
        result = self.add_json(self.described(tree, archive))
        self.assertEqual(result.status, 1)
        self.assertIn(f"reseal: {self.path(tree)}: it is not what out.json says: sha256-", result.err)
        self.assertEqual((sorted(os.listdir(self.path("c"))), os.listdir(self.path("c/nar"))), (["nar", "nix-cache-info"], []))

    def test_another_content_for_what_the_cache_has(self):
        tree = self.tree(OLD + "-x", {"x": b"x"})
        self.assertEqual(self.cache("add", "c", "--from", tree).status, 0)
        before = self.read(f"c/{OLD}.narinfo")
        self.write(tree + "/x", b"y")
        result = self.cache("add", "c", "--from", tree)
        self.assertEqual(result.status, 1)
        self.assertIn(f"reseal: {tree}: the cache has another {OLD}-x, of sha256:", result.err)
        self.assertEqual((self.read(f"c/{OLD}.narinfo"), len(os.listdir(self.path("c/nar")))), (before, 1))

    def test_json_that_is_none_names_file_and_key(self):
        archive = nar(regular(b"x"))
        tree = self.tree(OLD + "-x", {})
        good = self.described(tree, archive)
        for change, said in (({"path": None}, "outputs.out.path: is missing"), ({"path": "x"}, "outputs.out.path: not the full path of a store path: x"),
                             ({"path": "/nix/store/x"}, "outputs.out.path: not a store path"), ({"narHash": "x"}, "outputs.out.narHash: not a hash"),
                             ({"narSize": -1}, "outputs.out.narSize: not a number of bytes"), ({"references": [1]}, "outputs.out.references: not a list of strings"),
                             ({"references": ["/x"]}, "outputs.out.references: not a store path"), ({"signatures": ["x\ny:z"]}, "outputs.out.signatures: not 'KEY:SIGNATURE'"),
                             ({"ca": "x"}, "outputs.out.caScheme: is missing"), ({"ca": "x", "caScheme": "git"}, "outputs.out.caScheme: neither nix nor reseal-1: git"),
                             ({"ca": "x", "caScheme": "nix"}, "outputs.out.ca: not a content address")):
            with self.subTest(said):
                result = self.add_json({**good, **change})
                self.assertEqual((result.status, result.err[:len("reseal: out.json: " + said)]), (1, "reseal: out.json: " + said))
        for text, said in ((b"", "neither a store path nor JSON (offset 0)"), (b"[]", "not an object"), (b'{"outputs":1}', "outputs: not an object"),
                           (b'{"outputs":{}}', "no outputs"), (b"[" * 100000, "neither a store path nor JSON")):
            with self.subTest(said):
                self.write("out.json", text)
                result = self.cache("add", "c", "--from", "out.json")
                self.assertEqual((result.status, result.err[:len("reseal: out.json: " + said)]), (1, "reseal: out.json: " + said))
        self.assertFalse(os.path.exists(self.path("c")))


if __name__ == "__main__":
    unittest.main()
