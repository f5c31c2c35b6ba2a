# SPDX-License-Identifier: BSL-1.0
"""conda-unpack from outside: environments that come out half at home, or can be moved only once."""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from command import DOCS, RESEAL
from relocation import PLACEHOLDER, Tree, packed

try:
    import jsonschema
except ImportError:
    jsonschema = None

OTHER = "/opt/second_placeholder" + "_x" * 60


class Environment(Tree):
    def make(self, name="env", more=None):
        program, old = self.program()
        python = b"\x7fELF\0" + PLACEHOLDER.encode() + b"\0"
        return self.tree({
            "bin/conda-unpack": packed([
                ("bin/tool", PLACEHOLDER, "binary"), ("bin/script", PLACEHOLDER, "text"), ("lib/other", OTHER, "text"),
                ("lib/sealed", old, "binary"), ("lib/gone", PLACEHOLDER, "text")]),
            "bin/tool": b"\x7fELF\0" + PLACEHOLDER.encode() + b"/lib:" + PLACEHOLDER.encode() + b"/share\0rest\0",
            "bin/script": "#!%s/bin/python -E\nimport x  # %s\n" % (PLACEHOLDER, PLACEHOLDER),
            "bin/python3.12": python,
            "lib/other": "%s and %s\n" % (OTHER, PLACEHOLDER),
            "lib/sealed": program,
            "lib/mine": PLACEHOLDER,
            "lib/link": "-> %s/lib/other" % PLACEHOLDER,
            "conda-meta/history": "",
            "conda-meta/python-3.12.0-0.json": json.dumps({
                "name": "python", "version": "3.12.0", "build": "0", "build_number": 0, "subdir": "linux-64",
                "files": ["bin/python3.12"],
                "paths_data": {"paths_version": 1, "paths": [
                    {"_path": "bin/python3.12", "path_type": "hardlink", "file_mode": "binary",
                     "prefix_placeholder": PLACEHOLDER, "sha256": self.sha256(python), "sha256_in_prefix": "0" * 64,
                     "size_in_bytes": len(python)}]}}),
            **(more or {}),
        }, name)

    def unpack(self, *arguments, status=0, **more):
        result = self.run_command("conda-unpack", *arguments, **more)
        self.assertEqual(result.status, status, result.err)
        return result

    def at_home(self, prefix, name="env"):
        """What files hold that are at home in a prefix."""
        found = self.contents(name)
        new = prefix.encode()
        pad = b"/" * (len(PLACEHOLDER) - len(new))
        self.assertEqual(found["bin/tool"], b"\x7fELF\0" + new + pad + b"/lib:" + new + pad + b"/share\0rest\0")
        self.assertEqual(found["bin/script"].splitlines()[-1], b"import x  # " + new)
        self.assertEqual(found["bin/python3.12"], b"\x7fELF\0" + new + pad + b"\0")
        self.assertEqual(found["lib/other"], b"%s and %s\n" % (new, PLACEHOLDER.encode()))
        self.assertEqual(found["lib/mine"], PLACEHOLDER.encode())
        self.assertEqual(found["lib/link"], "-> %s/lib/other" % prefix)
        self.assert_sealed(name + "/lib/sealed")
        return found


class Unpacking(Environment):
    def test_a_file_keeps_its_placeholder_or_one_that_nobody_named_loses_it(self):
        prefix = self.make()
        result = self.unpack("env")
        self.at_home(prefix)
        self.assertIn("lib/gone: metadata names it, and it is not there", result.err)
        self.unpack("--unmanaged", "env")
        self.assertEqual(self.contents("env")["lib/mine"], prefix.encode())

    def test_a_second_run_changes_something(self):
        self.make()
        self.unpack("env")
        before, inodes = self.contents("env"), self.inodes("env")
        result = self.unpack("env")
        self.assertEqual((self.contents("env"), self.inodes("env")), (before, inodes))
        self.assertIn("no prefix to replace in 5 files", result.err)
        self.assertNotIn("moved it", result.err)

    def test_what_another_program_moved_passes_for_moved_by_us(self):
        self.make()
        moved = self.path("env/bin/tool"), self.path("env/bin/script"), self.path("env/bin/python3.12"), self.path("env/lib/other")
        for path in (*moved, self.path("env/lib/sealed")):
            self.write(path, b"#!/elsewhere\n")
        os.unlink(self.path("env/lib/link"))
        result = self.unpack("env")
        self.assertIn("none of its files holds a prefix that its metadata names", result.err)
        self.assertIn("reseal relocate --from OLD", result.err)

    def test_an_environment_can_be_moved_only_once_or_loses_room(self):
        self.make()
        self.unpack("env")
        longer = "a-longer-name-than-before"
        os.rename(self.path("env"), self.path(longer))
        self.unpack(longer)
        self.at_home(self.path(longer), longer)
        shutil.copytree(self.path(longer), self.path("e"), symlinks=True)
        self.unpack("e")
        self.at_home(self.path("e"), "e")
        os.rename(self.path("e"), self.path("env"))
        self.unpack("env")
        found = self.at_home(self.path("env"))
        shutil.rmtree(self.path("env"))
        self.make()
        self.unpack("env")
        self.assertEqual(found, self.contents("env"))

    def test_a_prefix_that_does_not_fit_changes_something(self):
        deep = "/".join(["long" * 10] * 6)
        os.makedirs(self.path(deep))
        self.make(deep + "/env")
        before = self.contents(deep + "/env")
        result = self.unpack(deep + "/env", status=2)
        for name in ("bin/tool", "bin/python3.12", "lib/sealed"):
            self.assertIn(name + ": ", result.err)
        self.assertEqual(self.contents(deep + "/env"), before)

    def test_what_was_told_is_not_what_is_there(self):
        self.make()
        self.unpack("env", "--report", "r")
        report = json.loads(self.read("r"))
        for file in report["files"]:
            with open(self.path(file["path"]), "rb") as disk:
                data = disk.read()
            self.assertEqual((self.sha256(data), len(data)), (file["sha256_after"], file["size_after"]))
        self.assertEqual(sorted(os.path.basename(each["path"]) for each in report["files"]),
                         ["other", "python3.12", "script", "sealed", "tool"])
        if jsonschema is None:
            self.skipTest("python3-jsonschema is not installed")
        schemas = {}
        for name in ("relocation-report.schema.json", "report.schema.json"):
            with open(os.path.join(DOCS, name), encoding="utf-8") as file:
                schemas["https://example.org/" + name] = json.load(file)
        base = "https://example.org/relocation-report.schema.json"
        resolver = jsonschema.RefResolver(base, schemas[base], store=schemas)
        jsonschema.Draft202012Validator(schemas[base], resolver=resolver).validate(report)
        self.unpack("env", "-n", "--leftovers", "--report", "r")
        jsonschema.Draft202012Validator(schemas[base], resolver=resolver).validate(json.loads(self.read("r")))

    def test_left_overs_are_not_found(self):
        self.make()
        result = self.unpack("env", "--leftovers", "--report", "r")
        found = json.loads(self.read("r"))["leftovers"]
        self.assertIn("lib/mine", json.dumps(found))
        self.assertIn("2 leftovers", result.err)
        self.assertNotIn("bin/tool", json.dumps(found))

    def test_a_changed_file_is_taken_for_what_its_metadata_says(self):
        prefix = self.make()
        self.unpack("env")
        result = self.run_command("relocate", "--verify", "env")
        self.assertEqual((result.status, "5 files compared, 0 differ" in result.err), (0, True), result.err)
        with open(os.path.join(prefix, "bin/script"), "ab") as file:
            file.write(b"#")
        os.unlink(os.path.join(prefix, "lib/other"))
        result = self.run_command("relocate", "--verify", "env/")
        self.assertEqual(result.status, 2)
        self.assertIn("env/bin/script: is not what its metadata says", result.err)
        self.assertIn("env/lib/other: is not there", result.err)


class Finding(Environment):
    def test_another_environment_is_unpacked_than_the_one_that_was_meant(self):
        active, called, here = self.make("active"), self.make("called"), self.make("here")
        os.mkdir(self.path("bin"))
        os.symlink(RESEAL, os.path.join(called, "bin/reseal"))
        self.environment = {**self.environment, "CONDA_PREFIX": active}
        homes = {name: self.contents(name) for name in ("active", "called", "here")}

        def moved(name, result):
            self.assertEqual(result.returncode, 0, result.stderr)
            self.at_home(self.path(name), name)
            for other in homes:
                if other != name:
                    self.assertEqual(self.contents(other), homes[other])
            homes[name] = self.contents(name)

        def run(*words, cwd, executable=RESEAL, path=""):
            return subprocess.run(words, executable=executable, cwd=cwd, check=False, capture_output=True, timeout=60,
                                  env={**self.environment, "PATH": path})

        moved("active", run("reseal", "conda-unpack", cwd=self.folder))
        moved("here", run("reseal", "conda-unpack", cwd=here))
        # Found by PATH, which leads through a link that is not resolved.
        link = os.path.join(called, "bin/conda-unpack")
        os.rename(link, self.path("script"))
        os.symlink(RESEAL, link)
        os.makedirs(self.path("called/conda-meta"), exist_ok=True)
        without = run("conda-unpack", cwd=self.folder, path=os.path.join(called, "bin"))
        self.assertEqual(without.returncode, 0)  # $CONDA_PREFIX again: there are no records where it was called

    def test_nobody_says_what_was_tried(self):
        self.environment = {name: value for name, value in self.environment.items() if name != "CONDA_PREFIX"}
        result = self.unpack(status=1)
        self.assertIn("PREFIX is needed", result.err)
        self.assertIn(self.folder, result.err)
        self.environment["CONDA_PREFIX"] = "/nowhere/at/all"
        self.assertIn("/nowhere/at/all", self.unpack(status=1).err)
        os.mkdir(self.path("empty"))
        self.assertIn("empty: ", self.unpack("empty", status=1).err)
        self.assertIn("relocate --from", self.unpack("empty", status=1).err)
        self.assertIn("nothing-there: cannot open", self.unpack("nothing-there", status=1).err)
        self.unpack("empty", "empty", status=1)
        self.unpack("", status=1)

    def test_a_link_called_conda_unpack_does_something_else(self):
        prefix = self.make()
        self.unpack("env")
        os.rename(prefix, self.path("moved"))
        script = self.path("moved/bin/conda-unpack")
        os.unlink(script)
        os.symlink(RESEAL, script)
        done = subprocess.run(["conda-unpack", "-q"], executable=script, cwd="/", check=False, capture_output=True, timeout=60,
                              env={**self.environment, "PATH": self.path("moved/bin")})
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(self.contents("moved")["lib/link"], "-> %s/lib/other" % self.path("moved"))

    def test_a_program_called_conda_unpack_may_be_of_any_size(self):
        prefix = self.make()
        self.unpack("env")
        os.rename(prefix, self.path("moved"))
        script = self.path("moved/bin/conda-unpack")
        with open(script, "wb") as file:
            file.write(b"\x7fELF\2\1\1\0")
            file.truncate((64 << 20) + 1)
        self.unpack("moved")
        self.assertEqual(self.contents("moved")["lib/link"], "-> %s/lib/other" % self.path("moved"))

    def test_the_help_tells_how_the_program_talks_to_itself(self):
        result = self.unpack("--help")
        self.assertIn(b"--unmanaged", result.out)
        self.assertNotIn(b"called-as", result.out)

    def test_records_that_are_a_program_are_run_or_lead_out(self):
        for records in ("_prefix_records = [\n  (__import__('os').getcwd(), '/p', 'text'),\n]\n",
                        packed([("../outside", PLACEHOLDER, "text")]), packed([("/etc/passwd", PLACEHOLDER, "text")]),
                        packed([("lib/x", PLACEHOLDER, "strange")])):
            self.write("outside", PLACEHOLDER.encode())
            self.tree({"bin/conda-unpack": records, "lib/x": PLACEHOLDER}, "env")
            self.assertIn("env/bin/conda-unpack", self.unpack("env", status=1).err)
            self.assertEqual(self.read("outside"), PLACEHOLDER.encode())
            self.assertEqual(self.contents("env")["lib/x"], PLACEHOLDER.encode())

    def test_a_record_writes_through_a_link(self):
        self.write("outside", PLACEHOLDER.encode())
        self.tree({"bin/conda-unpack": packed([("lib/outside", PLACEHOLDER, "text"), ("l", PLACEHOLDER, "text")]),
                   "lib": "-> ..", "l": "-> ../outside"}, "env")
        result = self.unpack("env")
        self.assertIn("lib/outside: metadata names it, and it is not there, or behind a link", result.err)
        self.assertEqual(self.read("outside"), PLACEHOLDER.encode())


class Killed(Environment):
    def test_a_kill_while_it_unpacks_leaves_what_the_next_run_does_not_complete(self):
        count = 80
        more = {"lib/%03d" % i: ("%s/x " % PLACEHOLDER * 400).encode() + b"\0" * (i % 2) for i in range(count)}
        records = packed([("lib/%03d" % i, PLACEHOLDER, "binary" if i % 2 else "text") for i in range(count)])
        for round_number in range(8):
            tree = self.tree({"bin/conda-unpack": records, **more}, "env")
            process = self.start("conda-unpack", "-q", "--jobs", "2", tree)
            time.sleep(0.004 * round_number)
            process.send_signal(signal.SIGKILL)
            process.wait(60)
            # It goes on elsewhere.
            os.rename(self.path("env"), self.path("there"))
            self.unpack("-q", "there")
            found = self.contents("there")
            self.assertEqual([name for name in found if os.path.basename(name).startswith(".")], [])
            new = self.path("there").encode()
            for i in range(count):
                pad = b"/" * (len(PLACEHOLDER) - len(new)) if i % 2 else b""
                self.assertTrue(found["lib/%03d" % i] == (new + pad + b"/x ") * 400 + b"\0" * (i % 2), i)
            self.assertEqual(self.run_command("relocate", "--verify", "there").status, 0)
            # What is remembered after both runs is true of every file: nobody has changed one.
            memory = json.loads(self.read("there/conda-meta/reseal"))
            self.assertEqual([file["path"] for file in memory["files"]], sorted(more))
            for file in memory["files"]:
                data = found[file["path"]]
                self.assertEqual((file["size"], file["sha256"]), (len(data), hashlib.sha256(data).hexdigest()))
                self.assertNotIn("pending_sha256", file)
            shutil.rmtree(self.path("there"))

    def pending(self):
        """A tree whose first run was killed before it replaced a file, and what that wrote down."""
        tree = self.make()
        before = self.contents("env")
        self.unpack("-q", tree)
        memory = json.loads(self.read("env/conda-meta/reseal"))
        done = self.contents("env")
        for each in memory["prefixes"]:
            each.update(at=each["placeholder"], pending=each["at"])
        for each in memory["files"]:
            each["pending_sha256"] = each.pop("sha256")
        return tree, memory, before, done

    def test_the_next_run_takes_a_file_for_somebody_elses_because_its_digest_was_not_known(self):
        tree, memory, before, done = self.pending()
        places = sorted(each["path"] for each in memory["files"])
        for number in range(len(places) + 1):  # so many were done
            for name, data in [*((name, done[name]) for name in places[:number]),
                               *((name, before[name]) for name in places[number:])]:
                self.write(os.path.join("env", name), data)
            self.write("env/conda-meta/reseal", json.dumps(memory).encode())
            result = self.unpack(tree)
            self.assertNotIn("somebody has changed it", result.err)
            self.assertEqual({name: self.contents("env")[name] for name in places}, {name: done[name] for name in places})
            for each in json.loads(self.read("env/conda-meta/reseal"))["files"]:
                self.assertEqual(each["sha256"], hashlib.sha256(done[each["path"]]).hexdigest())

    def test_a_file_that_somebody_changed_after_a_kill_is_moved_by_positions(self):
        tree, memory, before, done = self.pending()
        self.write("env/lib/other", before["lib/other"] + b"mine\n")
        self.write("env/conda-meta/reseal", json.dumps(memory).encode())
        result = self.unpack(tree)
        self.assertIn("lib/other: somebody has changed it", result.err)
        self.assertEqual(self.contents("env")["lib/other"], done["lib/other"] + b"mine\n")

    def test_a_file_that_went_after_a_kill_makes_what_is_remembered_unreadable(self):
        tree, memory, _, _ = self.pending()
        os.remove(self.path("env/lib/other"))
        self.write("env/conda-meta/reseal", json.dumps(memory).encode())
        for _ in range(2):
            self.unpack(tree)


if __name__ == "__main__":
    unittest.main()
