# SPDX-License-Identifier: BSL-1.0
"""Trees that tests move, and what they look like afterwards."""
import hashlib
import os
import stat

from command import FROM, CommandTest

# As conda-build pads it, and where a user has it then.
PLACEHOLDER = ("/build/_h_env" + "_placehold" * 30)[:255]


class Tree(CommandTest):
    def setUp(self):
        super().setUp()
        # /tmp may be a link, and what the command writes is the path it was given.
        self.folder = os.path.realpath(self.folder)

    def tree(self, files, name="tree"):
        """Folders and files of a dictionary; a link's value begins with "-> "."""
        for path, data in files.items():
            full = self.path(os.path.join(name, path))
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if isinstance(data, str) and data.startswith("-> "):
                os.symlink(data[3:], full)
                continue
            with open(full, "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def contents(self, name="tree"):
        """Everything below a folder: bytes of files, "-> target" of links."""
        found = {}
        for folder, folders, files in os.walk(self.path(name)):
            for each in files + [f for f in folders if os.path.islink(os.path.join(folder, f))]:
                full = os.path.join(folder, each)
                key = os.path.relpath(full, self.path(name))
                if os.path.islink(full):
                    found[key] = "-> " + os.readlink(full)
                else:
                    with open(full, "rb") as file:
                        found[key] = file.read()
        return found

    def inodes(self, name="tree"):
        return {key: os.lstat(os.path.join(self.path(name), key)).st_ino for key in self.contents(name)}

    @staticmethod
    def permissions(path):
        return stat.S_IMODE(os.lstat(path).st_mode)

    @staticmethod
    def sha256(data):
        return hashlib.sha256(data).hexdigest()

    def relocate(self, *arguments, status=0, **more):
        result = self.run_command("relocate", *arguments, **more)
        self.assertEqual(result.status, status, result.err)
        return result

    def program(self):
        """A signed one, and the prefix that is in it."""
        return self.fixture("a/exe.arm64"), FROM.decode()

    def assert_sealed(self, name):
        result = self.run_command("verify", name)
        self.assertEqual(result.status, 0, result.out.decode() + result.err)


def packed(records):
    """bin/conda-unpack as conda-pack leaves it, as far as anybody reads it."""
    lines = "".join("    (%r, %r, %r),\n" % record for record in records)
    return "#!/usr/bin/env python\nimport sys\n_prefix_records = [\n%s]\nsys.exit(0)\n" % lines
