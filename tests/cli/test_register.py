# SPDX-License-Identifier: BSL-1.0
"""register from outside: specifications that mean nothing, trees that must not get in, and what a kill leaves behind."""
import fcntl
import json
import os
import shutil
import signal
import stat
import time
import unittest

from command import DOCS, FROM, CommandTest

try:
    import jsonschema
except ImportError:
    jsonschema = None

STORE = "/nix/store"
ONE, TWO, LAST = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", "zc842j0rz61mjsp3h3wp5ly71ak6qgdn", "g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q"


def path(hash_part, name="foo"):
    return "%s/%s-%s" % (STORE, hash_part, name)


class RegisterTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.store = self.path("store")
        os.mkdir(self.store)

    def tree(self, name, contents):
        """A folder of one file, or of those in a dictionary."""
        os.makedirs(self.path(name))
        for entry, data in (contents.items() if isinstance(contents, dict) else [("file", contents)]):
            self.write(os.path.join(name, entry), data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def spec(self, outputs, **more):
        return {"version": 1, "realStore": self.store, "outputs": outputs, **more}

    def floating(self, tree, hash_part=ONE, name="foo", **more):
        return {"kind": "ca-floating", "name": name, "scratchPath": path(hash_part, name), "tree": tree, **more}

    def register(self, spec, *arguments, status=0):
        result = self.run_command("register", "--spec", "-", *arguments, stdin=json.dumps(spec).encode())
        self.assertEqual(result.status, status, result.err)
        return result

    def done(self, spec, *arguments, status=0):
        return json.loads(self.register(spec, *arguments, status=status).out)

    def program(self, hash_part):
        """A signed one that holds a hash part."""
        old = FROM.split(b"-")[0].split(b"/")[-1].decode()
        return self.rewrite("-q", "-r", old, hash_part, stdin=self.fixture("a/exe.arm64")).out

    def in_store(self):
        return sorted(os.listdir(self.store))

    def assert_refused(self, spec, *words, status=1, arguments=()):
        result = self.register(spec, *arguments, status=status)
        for word in words:
            self.assertIn(word, result.err)
        self.assertEqual(self.in_store(), [])
        return result


class Registration(RegisterTest):
    def test_the_registration_destroys_something_else(self):
        self.write("spec", json.dumps(self.spec({"out": self.floating(self.tree("t", "x"))})).encode())
        before = self.read("spec")
        for arguments, said in ((["-"], "standard output"), (["spec"], "--spec"), (["./spec"], "--spec"), (["r", "-n"], "--dry-run")):
            result = self.run_command("register", "--spec", "spec", "--registration", *arguments)
            self.assertEqual((result.status, result.out), (1, b""))
            self.assertTrue(result.err.startswith("reseal: --registration: "), result.err)
            self.assertIn(said, result.lines()[0])
        self.assertEqual((self.read("spec"), self.in_store()), (before, []))
        self.assertFalse(os.path.exists(self.path("r")))


class Specification(RegisterTest):
    def test_a_field_that_means_nothing_is_taken(self):
        good = self.floating(self.tree("t", "x"))
        valid = {"kind": "valid", "scratchPath": path(TWO), "path": path(LAST)}
        for spec, word in (
            (self.spec({"out": good}, typo=1), "'typo'"),
            (self.spec({"out": {**good, "typo": 1}}), "'typo'"),
            (self.spec({"out": {**good, "hash": "sha256-x"}}), "'hash'"),
            (self.spec({"out": {**valid, "tree": "t"}}), "'tree'"),
            ({**self.spec({"out": good}), "version": 2}, "version"),
            (self.spec({"out": {**good, "kind": "ca"}}), "ca-floating"),
            (self.spec({"out": {**good, "method": "git"}}), "git"),
            (self.spec({"out": {**good, "method": "text", "hashAlgo": "sha512"}}), "sha256 only"),
            (self.spec({"out": {**good, "hashAlgo": "md5"}}), "md5"),
            (self.spec({"out": {**good, "name": "bar"}}), "bar"),
            (self.spec({"out": {**good, "name": "f" * 212, "scratchPath": path(ONE, "f" * 212)}}), "212"),
            (self.spec({"out": {**good, "name": "f@", "scratchPath": path(ONE, "f@")}}), "'@'"),
            (self.spec({"out": {**good, "scratchPath": path("e" * 32)}}), "base 32"),
            (self.spec({"out": {**good, "scratchPath": "/store/" + ONE + "-foo"}}), "lie in"),
            (self.spec({"out": {"kind": "input-addressed", "scratchPath": path(ONE)}}), "path"),
            (self.spec({"out": {"kind": "ca-fixed", "name": "foo", "scratchPath": path(ONE)}}), "hash"),
            (self.spec({"out": good, "lib": {**good}}), "scratch"),
            (self.spec({"out": good}, order=["lib"]), "'lib'"),
            (self.spec({"out": good}, order=["out", "out"]), "twice"),
            (self.spec({"out": good}, regime="2.x"), "2.x"),
            (self.spec({"out": good}, cms="maybe"), "maybe"),
            (self.spec({"out": good}, deriveUuid="yes"), "deriveUuid"),
            (self.spec({"out": good}, rewrites={"short": LAST}), "short"),
            (self.spec({"out": good}, rewrites={ONE: LAST}), ONE),
            (self.spec({"out": good}, rewrites={LAST: ONE}), ONE),
            (self.spec({"out": good}, references=["/nix/store/x"]), "'x'"),
            (self.spec({"out": good}, references="x"), "list"),
            (self.spec({"out": good}, referencesFile="missing"), "missing"),
            (self.spec({"out": good}, signWith=["missing"]), "missing"),
            (self.spec({"out": good}, storeDir="nix/store"), "store"),
            (self.spec([]), "outputs"),
            ([], "object"),
        ):
            with self.subTest(word=word):
                self.assert_refused(spec, word)
        twice = json.dumps(self.spec({"out": good})).replace('"tree"', '"name": "foo", "tree"').encode()
        result = self.run_command("register", "--spec", "-", stdin=twice)
        self.assertEqual((result.status, "'name' is there twice" in result.err), (1, True))
        result = self.run_command("register", "--spec", "-", stdin=b'{"version": 1,')
        self.assertEqual(result.status, 1)
        self.assertIn("offset", result.err)

    @unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
    def test_the_schemas_say_something_else(self):
        schemas = {}
        for name in ("register-spec.schema.json", "register.schema.json", "report.schema.json"):
            with open(os.path.join(DOCS, name), encoding="utf-8") as file:
                schemas[name] = json.load(file)
            jsonschema.Draft202012Validator.check_schema(schemas[name])

        def validate(value, name):
            base = "https://example.org/"
            resolver = jsonschema.RefResolver(base + name, schemas[name], store={base + each: schemas[each] for each in schemas})
            jsonschema.Draft202012Validator(schemas[name], resolver=resolver).validate(value)

        tree = self.tree("t", path(ONE) + path(TWO))
        program = self.tree("p", {"a": self.program(ONE)})
        spec = self.spec({"out": self.floating(tree), "program": self.floating(program, LAST, "p"),
                          "old": {"kind": "valid", "scratchPath": path(TWO), "path": path("1" + TWO[1:])}},
                         order=["out"], references=[], regime="lix", rewrites={}, onSignedSelfReference=None, deriveUuid=True)
        validate(spec, "register-spec.schema.json")
        validate(self.done(spec), "register.schema.json")
        for outputs in ({"out": {**self.floating(tree), "typo": 1}}, {"out": {"kind": "valid"}},
                        {"out": {"kind": "ca-fixed", "name": "foo", "scratchPath": path(ONE)}}):
            with self.assertRaises(jsonschema.ValidationError):
                validate(self.spec(outputs), "register-spec.schema.json")


class Trees(RegisterTest):
    def test_a_hash_part_in_a_name_gets_in(self):
        for contents in ({"lib-" + ONE: "x"}, {"lib-" + ONE: ONE}):
            tree = self.tree("t%d" % len(os.listdir(self.folder)), contents)
            self.assert_refused(self.spec({"out": self.floating(tree)}), "lib-" + ONE, tree)

    def test_a_tree_that_is_not_there_is_empty(self):
        self.assert_refused(self.spec({"out": self.floating(self.path("missing"))}), "missing")
        self.assert_refused(self.spec({"out": {**self.floating(None), "tree": None}}), ONE + "-foo")
        os.mkdir(self.path("t"))
        os.mkfifo(self.path("t/fifo"))
        self.assert_refused(self.spec({"out": self.floating(self.path("t"))}), "t/fifo")

    def test_outputs_that_refer_to_each_other_get_in(self):
        outputs = {"out": self.floating(self.tree("a", path(TWO, "foo-lib"))), "lib": self.floating(self.tree("b", path(ONE)), TWO, "foo-lib")}
        self.assert_refused(self.spec(outputs), "circle", "out", "lib")

    def test_a_fixed_output_has_another_hash(self):
        self.write("f", b"abc")
        fixed = {**self.floating(self.path("f")), "kind": "ca-fixed", "method": "flat"}
        right = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        wrong = "sha256-" + "A" * 43 + "="
        self.assert_refused(self.spec({"out": {**fixed, "hash": wrong}}), "expected " + wrong, "got " + right)
        self.assert_refused(self.spec({"out": {**fixed, "tree": self.tree("t", "abc"), "hash": right}}), "regular file")
        done = self.done(self.spec({"out": {**fixed, "hash": right}}))["outputs"]["out"]
        self.assertEqual(self.in_store(), [os.path.basename(done["path"])])
        self.assertEqual(done["caScheme"], "nix")

    def test_references_where_the_method_allows_none(self):
        self.write("f", ("see " + path(ONE)).encode())
        for method, algorithm, word in (("flat", "sha256", "flat"), ("text", "sha256", "itself"), ("nar", "sha512", "sha512")):
            spec = self.spec({"out": self.floating(self.path("f"), method=method, hashAlgo=algorithm)})
            self.assert_refused(spec, self.path("f"), word)

    def test_a_store_path_that_nobody_declared_is_not_told(self):
        stray = path(LAST, "stray-1.0")
        spec = self.spec({"out": self.floating(self.tree("t", "see " + stray + "/x and " + path(ONE)))})
        self.assert_refused(spec, stray, status=2, arguments=["--strict-references"])
        self.assert_refused({**spec, "strictReferences": True}, stray, status=2)
        result = self.register(spec)
        self.assertIn("note: ", result.err)
        finding, = json.loads(result.out)["findings"]
        self.assertEqual((finding["severity"], finding["code"]), ("note", "stray-reference"))
        self.assertIn(stray, finding["what"])
        self.assertEqual(self.done({**spec, "references": [stray]})["findings"], [])

    def test_another_tree_at_the_final_path_is_replaced_or_taken_for_ours(self):
        spec = self.spec({"out": {"kind": "input-addressed", "scratchPath": path(ONE), "path": path(LAST), "tree": self.tree("t", ONE)}})
        there = os.path.join(self.store, LAST + "-foo")
        with open(there, "w") as file:
            file.write("something else")
        result = self.register(spec, status=1)
        self.assertIn(there, result.err)
        with open(there) as file:
            self.assertEqual(file.read(), "something else")
        os.remove(there)
        first, second = self.done(spec), self.done(spec)
        self.assertEqual((first["outputs"]["out"]["alreadyPresent"], second["outputs"]["out"]["alreadyPresent"]), (False, True))
        self.assertEqual(self.in_store(), [LAST + "-foo"])

    def test_what_is_registered_is_not_as_a_store_has_it(self):
        tree = self.tree("t", {"a": "x", "b": "y"})
        os.chmod(os.path.join(tree, "a"), 0o6711)
        os.symlink("a", os.path.join(tree, "l"))
        before = [os.lstat(os.path.join(tree, each)) for each in ("a", "b", "l")]
        done = self.done(self.spec({"out": self.floating(tree)}))
        place = os.path.join(self.store, os.path.basename(done["outputs"]["out"]["path"]))
        for name, mode in (("", 0o555), ("a", 0o555), ("b", 0o444), ("l", None)):
            status = os.lstat(os.path.join(place, name))
            self.assertEqual(status.st_mtime, 1)
            if mode is not None:
                self.assertEqual(stat.S_IMODE(status.st_mode), mode)
        self.assertEqual([(each.st_mode, each.st_mtime_ns, each.st_ino) for each in before],
                         [(each.st_mode, each.st_mtime_ns, each.st_ino) for each in (os.lstat(os.path.join(tree, each)) for each in ("a", "b", "l"))])
        self.assertNotEqual(os.lstat(os.path.join(place, "b")).st_ino, before[1].st_ino)

    def test_what_lies_in_its_place_is_copied_although_nothing_changes(self):
        place = os.path.join(self.store, LAST + "-foo")
        os.mkdir(place)
        self.write(os.path.join(place, "x"), b"unchanged")
        inode = os.stat(os.path.join(place, "x")).st_ino
        spec = self.spec({"out": {"kind": "input-addressed", "scratchPath": path(LAST), "path": path(LAST)},
                          "lib": {"kind": "valid", "scratchPath": path(ONE), "path": path(TWO)}})
        done = self.done(spec)
        self.assertEqual((done["outputs"]["out"]["reads"], done["outputs"]["out"]["writes"], done["bytesWritten"]), (1, 0, 0))
        self.assertEqual(os.stat(os.path.join(place, "x")).st_ino, inode)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(place, "x")).st_mode), 0o444)
        os.chmod(place, 0o755)
        self.write(os.path.join(place, "y"), path(ONE).encode())
        done = self.done(spec)
        self.assertEqual((done["outputs"]["out"]["reads"], done["outputs"]["out"]["writes"]), (2, 1))
        with open(os.path.join(place, "y")) as file:
            self.assertEqual(file.read(), path(TWO))
        self.assertEqual(self.in_store(), [LAST + "-foo"])

    def test_a_second_run_forgets_what_the_first_put_into_a_tree_in_its_place(self):
        place = os.path.join(self.store, ONE + "-foo")
        os.mkdir(place)
        self.write(os.path.join(place, "f"), path(TWO, "lib").encode())
        spec = self.spec({"out": {"kind": "input-addressed", "scratchPath": path(ONE), "path": path(ONE)},
                          "lib": self.floating(self.tree("lib", "x"), TWO, "lib")})
        first, second = self.done(spec, "--registration", "one"), self.done(spec, "--registration", "two")
        self.assertEqual(first["outputs"]["out"]["references"], [first["outputs"]["lib"]["path"]])
        self.assertEqual(first["outputs"]["out"]["references"], second["outputs"]["out"]["references"])
        self.assertEqual((self.read("one"), second["findings"]), (self.read("two"), []))

    def test_a_hash_that_only_a_sibling_changes_counts_as_ones_own(self):
        """Two ways to the same: what is there, and what would be there."""
        outputs = {"lib": {"kind": "valid", "scratchPath": path(TWO, "lib"), "path": path("1" + TWO[1:], "lib")},
                   "out": self.floating(self.tree("t", {"program": self.program(TWO), "text": path(ONE)}))}
        spec = self.spec(outputs, onSignedSelfReference="refuse")
        dry, wet = self.done(spec, "-n")["outputs"]["out"], self.done(spec)["outputs"]["out"]
        self.assertEqual((dry["caScheme"], wet["caScheme"]), ("nix", "nix"))
        self.assertEqual(dry["files"], wet["files"])
        self.assertEqual([(each["path"], each["substitutions"]) for each in wet["files"]], [("program", 5), ("text", 1)])

    def test_the_store_gets_into_itself(self):
        self.write("x", b"x")
        for tree in (self.folder, self.store):
            self.assert_refused(self.spec({"out": self.floating(tree)}), "the store lies in this tree")

    def test_a_umask_keeps_us_out_of_our_own_copy(self):
        tree = self.tree("t", path(ONE))
        os.makedirs(os.path.join(tree, "d"))
        os.symlink(path(ONE), os.path.join(tree, "d", "l"))
        before = os.umask(0)
        os.umask(before)
        for mask in (0o777, 0o222, 0o333, 0o000):
            os.umask(mask)
            try:
                done = self.done(self.spec({"out": self.floating(tree)}))
            finally:
                os.umask(before)
        self.assertEqual(self.in_store(), [os.path.basename(done["outputs"]["out"]["path"])])

    def test_what_is_there_already_is_touched(self):
        spec = self.spec({"out": self.floating(self.tree("t", path(ONE)))})
        place = os.path.join(self.store, os.path.basename(self.done(spec)["outputs"]["out"]["path"]))
        before = [os.lstat(each).st_ctime_ns for each in (place, place + "/file")]
        self.assertTrue(self.done(spec)["outputs"]["out"]["alreadyPresent"])
        self.assertEqual([os.lstat(each).st_ctime_ns for each in (place, place + "/file")], before)

    def test_a_key_that_others_may_read_is_not_told(self):
        self.assertEqual(self.run_command("cache", "keygen", "k-1", "k.sec", "k.pub").status, 0)
        spec = self.spec({"out": self.floating(self.tree("t", "x"))}, signWith=[self.path("k.sec")])
        self.assertEqual(self.register(spec).err, "")
        os.chmod(self.path("k.sec"), 0o644)
        self.assertIn("k.sec", self.register(spec).err)

    def test_a_dry_run_writes_or_says_something_else(self):
        outputs = {"out": self.floating(self.tree("a", path(TWO, "foo-lib") + path(ONE))), "lib": self.floating(self.tree("b", path(TWO)), TWO, "foo-lib"),
                   "program": self.floating(self.tree("p", {"a": self.program(LAST),
                                                            "b": path(TWO, "foo-lib")}), LAST, "p")}
        dry = self.done(self.spec(outputs), "-n")
        self.assertEqual(self.in_store(), [])
        wet = self.done(self.spec(outputs))
        for output in outputs:
            for key in ("path", "narHash", "references", "ca", "caScheme"):
                self.assertEqual(dry["outputs"][output][key], wet["outputs"][output][key], (output, key))
        self.assertEqual(wet["outputs"]["program"]["caScheme"], "reseal-1")
        self.assertEqual(self.run_command("verify", self.store).status, 0)


class Killed(RegisterTest):
    def test_a_kill_leaves_something_behind_for_ever(self):
        tree = self.tree("t", "x")
        with open(os.path.join(tree, "big"), "wb") as file:
            file.truncate(300_000_000)
        spec = self.spec({"out": self.floating(tree)})
        self.write("spec.json", json.dumps(spec).encode())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            process = self.start("register", "--spec", "spec.json")
            until = time.monotonic() + 30
            while not self.in_store() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.002)
            process.send_signal(number)
            process.wait()
            left = self.in_store()
            self.assertTrue(all(each.startswith(".reseal-") for each in left), left)
            if number != signal.SIGKILL:  # it was swept up, and what came after it too
                self.assertEqual((left, process.returncode), ([], -number))
        os.truncate(os.path.join(tree, "big"), 1000)
        done = self.done(spec)
        self.assertEqual(self.in_store(), [os.path.basename(done["outputs"]["out"]["path"])])

    def test_a_folder_of_one_that_still_runs_is_swept(self):
        other = os.path.join(self.store, ".reseal-private.reseal-0123456789abcdef.tmp")
        os.mkdir(other)
        holder = os.open(other, os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, holder)
        fcntl.flock(holder, fcntl.LOCK_EX)
        spec = self.spec({"out": self.floating(self.tree("t", "x"))})
        self.done(spec)
        self.assertTrue(os.path.exists(other))


class AtOnce(RegisterTest):
    def test_runs_at_the_same_time_get_into_each_others_way(self):
        spec = json.dumps(self.spec({"out": self.floating(self.tree("t", path(ONE)))})).encode()
        self.write("spec.json", spec)
        for _ in range(5):
            processes = [self.start("register", "--spec", "spec.json") for _ in range(8)]
            outcomes = [(process.communicate()[1], process.returncode) for process in processes]
            self.assertEqual(outcomes, [(b"", 0)] * 8)
            place, = self.in_store()
            os.chmod(os.path.join(self.store, place), 0o755)
            shutil.rmtree(os.path.join(self.store, place))


if __name__ == "__main__":
    unittest.main()
