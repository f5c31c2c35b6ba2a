# SPDX-License-Identifier: BSL-1.0
"""ca from outside: addresses computed, put into place, and checked against what lies there."""
import base64
import hashlib
import json
import os
import unittest

from command import FROM, CommandTest

SELF, OTHER = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", "zc842j0rz61mjsp3h3wp5ly71ak6qgdn"
FOO = "07a2zd2xjyl6ac1y71422ypixnba3q2q-foo"  # of a file that says "hello /nix/store/SELF-foo"
ADDRESS = "fixed:r:sha256:156q24wmvrgk99c14zikhi51s87nlpyji0y702m80s2f220ar0cn"


class CaTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("f", ("hello /nix/store/%s-foo\n" % SELF).encode())

    def ca(self, *arguments, status=0):
        result = self.run_command("ca", *arguments)
        self.assertEqual(result.status, status, result.err)
        return result

    def said(self, *arguments):
        return self.ca(*arguments).out.decode().strip()


class Compute(CaTest):
    def test_the_path_is_not_the_one_that_nix_gives(self):
        self.assertEqual(self.said("f", "--name", "foo", "--self", SELF), "/nix/store/" + FOO)
        for regime in ("2.17", "2.34.1", "lix"):
            self.assertIn("/d7cgvpwhazaizbg20i5s2s6mn3960l5j-", self.said("f", "--name", "foo", "--self", SELF, "--regime", regime))
        done = json.loads(self.said("f", "--name", "foo", "--self", SELF, "--json"))
        self.assertEqual((done["ca"], done["caScheme"], done["narSize"], done["references"]), (ADDRESS, "nix", 168, ["/nix/store/" + FOO]))
        self.write("x", b"abc")
        for arguments, path in ((["--method", "flat"], "wg5dqh07jh5lgg9nvzq5skm9i3qkhl00"), (["--method", "text"], "vylz2d5mzcgx8z67q4xi43zhzf5zrld5"),
                                (["--algo", "sha1"], "zzwiva0k0wxi8cmx7hwci90vkbg346b7"), ([], "kgxxdczi0qmgi6fr45i5kq3c45mkm2bv"),
                                (["--method", "text", "--ref", "/nix/store/%s-bar" % OTHER], "n1gn6n1r08cp26qbmivqgp7bmlcfzfcw")):
            self.assertEqual(self.said("x", "--name", "x", *arguments), "/nix/store/%s-x" % path)
        flat = json.loads(self.said("x", "--name", "x", "--method", "flat", "--json"))
        self.assertEqual(flat["hash"], "sha256-" + base64.b64encode(hashlib.sha256(b"abc").digest()).decode())

    def test_a_self_reference_that_does_not_occur_is_one(self):
        self.write("x", b"abc")
        self.assertEqual(self.said("x", "--name", "x", "--self", SELF), self.said("x", "--name", "x"))
        self.assertNotEqual(self.said("f", "--name", "x", "--self", SELF), self.said("f", "--name", "x"))

    def test_the_tree_is_put_elsewhere_or_without_its_path(self):
        os.mkdir(self.path("out"))
        self.said("f", "--name", "foo", "--self", SELF, "-o", "out")
        self.assertEqual(self.read("out/" + FOO), ("hello /nix/store/%s\n" % FOO).encode())
        self.assertEqual(os.listdir(self.path("out")), [FOO])
        self.assertIn(SELF.encode(), self.read("f"))

    def test_a_reference_given_twice_counts_twice(self):
        other = "/nix/store/%s-bar" % OTHER
        once, twice = (json.loads(self.said("f", "--name", "foo", *["--ref", other] * times, "--json")) for times in (1, 2))
        self.assertEqual(once["references"], [other])
        self.assertEqual(once, twice)

    def test_what_cannot_be_is_not_refused(self):
        for arguments, word in ((["f"], "--name"), ([], "PATH"), (["f", "g", "--name", "x"], "one tree"), (["f", "--name", "x y"], "' '"),
                                (["f", "--name", "x", "--self", "short"], "--self"), (["f", "--name", "x", "--ref", "/x"], "/x"),
                                (["f", "--name", "x", "--method", "git"], "--method"), (["f", "--name", "x", "--ca", ADDRESS], "--check"),
                                (["missing", "--name", "x"], "missing"), (["f", "--name", "foo", "--self", SELF, "--method", "text"], "itself"),
                                (["f", "--name", "x", "--regime", "new"], "new"), (["f", "--name", "x", "-o", "missing"], "missing")):
            with self.subTest(word=word):
                self.assertIn(word, self.ca(*arguments, status=1).err)


    def test_a_signed_self_reference_is_refused_without_a_word(self):
        old = FROM.split(b"-")[0].split(b"/")[-1].decode()
        os.mkdir(self.path("t"))
        self.write("t/p", self.rewrite("-q", "-r", old, SELF, stdin=self.fixture("a/exe.arm64")).out)
        os.mkdir(self.path("out"))
        last = os.path.basename(self.said("t", "--name", "foo", "--self", SELF, "-o", "out"))
        for tree, hash_part in (("t", SELF), ("out/" + last, last[:32])):
            result = self.ca(tree, "--name", "foo", "--self", hash_part, "--on-signed-self-reference", "refuse", status=2)
            self.assertIn(tree + "/p", result.err)


class Check(CaTest):
    def setUp(self):
        super().setUp()
        self.write(FOO, ("hello /nix/store/%s\n" % FOO).encode())

    def test_what_holds_does_not(self):
        for arguments in ([], ["--ca", ADDRESS], ["--scheme", "nix"], ["--scheme", "reseal-1"]):
            self.assertIn("holds (nix, Nix 2.35)", self.said("--check", FOO, *arguments))
        done = json.loads(self.said("--check", FOO, "--json"))
        self.assertEqual((done["path"], done["ca"], done["caScheme"]), ("/nix/store/" + FOO, ADDRESS, "nix"))
        self.write("elsewhere", self.read(FOO))
        self.said("--check", "elsewhere", "--self", FOO[:32], "--name", "foo")
        self.ca("--check", "elsewhere", status=1)

    def test_what_does_not_hold_does(self):
        wrong = ADDRESS[:-1] + "0"
        self.assertIn(wrong, self.ca("--check", FOO, "--ca", wrong, status=2).err)
        self.ca("--check", FOO, "--ref", "/nix/store/%s-bar" % OTHER, status=2)
        self.ca("--check", FOO, "--store-dir", "/gnu/store", status=2)
        self.write(FOO, self.read(FOO) + b"!")
        self.assertIn(FOO, self.ca("--check", FOO, status=2).err)
        self.assertIn("No such file", self.ca("--check", "missing/" + FOO, status=1).err)

    def test_a_narinfo_that_lies_is_believed(self):
        nar = hashlib.sha256(self.run_command("nar", "dump", FOO).out)
        text = "StorePath: /nix/store/%s\nURL: nar/x\nCompression: none\nNarHash: sha256:%s\nNarSize: %d\nReferences: %s\nCA: %s\n"
        for nar_hash, size, references, address, status in (
                (nar.hexdigest(), 168, FOO, ADDRESS, 0), ("0" * 64, 168, FOO, ADDRESS, 2), (nar.hexdigest(), 169, FOO, ADDRESS, 2),
                (nar.hexdigest(), 168, FOO + " %s-bar" % OTHER, ADDRESS, 2), (nar.hexdigest(), 168, FOO, ADDRESS[:-1] + "0", 2)):
            self.write("info", (text % (FOO, nar_hash, size, references, address)).encode())
            self.ca("--check", FOO, "--narinfo", "info", status=status)

    def test_a_narinfo_without_an_address_says_nothing(self):
        """Those of the scheme reseal-1 have none."""
        old = FROM.split(b"-")[0].split(b"/")[-1].decode()
        self.write("p", self.rewrite("-q", "-r", old, SELF, stdin=self.fixture("a/exe.arm64")).out)
        os.mkdir(self.path("out"))
        self.said("p", "--name", "foo", "--self", SELF, "-o", "out")
        name, = os.listdir(self.path("out"))
        archive = self.run_command("nar", "dump", "out/" + name).out
        text = "StorePath: /nix/store/%s\nURL: nar/x\nCompression: none\nNarHash: sha256:%s\nNarSize: %d\nReferences: %s\n"
        for references, status in ((name, 0), ("", 2), (name + " %s-bar" % OTHER, 2)):
            self.write("info", (text % (name, hashlib.sha256(archive).hexdigest(), len(archive), references)).encode())
            result = self.ca("--check", "out/" + name, "--narinfo", "info", status=status)
            self.assertEqual("holds (reseal-1" in result.out.decode(), status == 0)

    def test_an_option_that_changes_nothing_is_taken(self):
        self.write("info", b"")
        for arguments, word in ((["--regime", "2.20"], "--regime"), (["--cms", "keep"], "--cms"), (["--stale", "reseal"], "--stale"),
                                (["--unsealable", "keep"], "--unsealable"), (["--derive-uuid"], "--derive-uuid"),
                                (["--on-signed-self-reference", "refuse"], "--on-signed"), (["--name", "bar"], "--name"),
                                (["--ca", ADDRESS, "--method", "nar"], "--method"), (["--ca", ADDRESS, "--algo", "sha1"], "--algo"),
                                (["--narinfo", "info", "--ref", "/nix/store/" + FOO], "--ref"),
                                (["--narinfo", "info", "--self", SELF], "--self"), (["--narinfo", "info", "--store-dir", "/s"], "--store-dir"),
                                (["--store-dir", "rel"], "--store-dir: not a store")):
            with self.subTest(word=word):
                self.assertTrue(self.ca("--check", FOO, *arguments, status=1).err.startswith("reseal: " + word))

    def test_a_hash_part_in_a_name_is_more_than_nix_can_hash(self):
        """Nix registers such a tree; its address is as true as any."""
        os.mkdir(self.path("t"))
        self.write("t/lib-" + SELF, b"hi")
        archive = self.run_command("nar", "dump", "t").out
        at = archive.index(SELF.encode())
        value = hashlib.sha256(archive.replace(SELF.encode(), bytes(32)) + b"|%d" % at).hexdigest()
        self.said("--check", "t", "--self", SELF, "--ca", "fixed:r:sha256:" + value)
        result = self.ca("--check", "t", "--self", SELF, "--ca", "fixed:r:sha256:" + value, "--scheme", "reseal-1", status=2)
        self.assertIn("t/lib-" + SELF + ": ", result.err)

    def test_a_slot_that_was_tampered_with_is_true(self):
        old = FROM.split(b"-")[0].split(b"/")[-1].decode()
        self.write("p", self.rewrite("-q", "-r", old, SELF, stdin=self.fixture("a/exe.arm64")).out)
        os.mkdir(self.path("out"))
        self.said("p", "--name", "foo", "--self", SELF, "-o", "out")
        name, = os.listdir(self.path("out"))
        self.assertIn("reseal-1", self.said("--check", "out/" + name))
        self.ca("--check", "out/" + name, "--scheme", "nix", status=2)
        good = self.read("out/" + name)
        page = hashlib.sha256(good[4096:8192]).digest()
        self.assertIn(page, good)
        self.write("bad", good.replace(page, bytes(32)))
        self.assertIn("reseal: bad: 1 touched page", self.ca("--check", "bad", "--self", name[:32], "--name", "foo", status=2).err)
        self.write("bad", good)
        self.said("--check", "bad", "--self", name[:32], "--name", "foo")


if __name__ == "__main__":
    unittest.main()
