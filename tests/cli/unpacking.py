# SPDX-License-Identifier: BSL-1.0
"""Archives for the tests of `reseal unpack`, made by Python, and what came of them."""
import io
import os
import stat
import tarfile

from command import CommandTest

OLD = "/build/_h_env_placehold_placehold"


def entry(name, data=None, kind=tarfile.REGTYPE, target="", mode=0o644, mtime=1_000_000_000):
    """A member as (TarInfo, contents)."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.mtime = kind, target, mode, mtime
    data = data.encode() if isinstance(data, str) else data
    if data is not None:
        info.size = len(data)
    return info, data


def folder(name, mode=0o755):
    return entry(name, kind=tarfile.DIRTYPE, mode=mode)


def symlink(name, target):
    return entry(name, kind=tarfile.SYMTYPE, target=target)


def hardlink(name, target):
    return entry(name, kind=tarfile.LNKTYPE, target=target)


def tar(entries, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT) as archive:
        for info, data in entries:
            archive.addfile(info, None if data is None else io.BytesIO(data))
    return out.getvalue()


def tree(folder):
    """Every path below a folder: what it is and holds."""
    out = {}
    for base, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(base, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                out[key] = ("->", os.readlink(path))
            elif os.path.isdir(path):
                out[key] = ("folder", stat.S_IMODE(os.stat(path).st_mode))
            else:
                with open(path, "rb") as file:
                    out[key] = (file.read(), stat.S_IMODE(os.stat(path).st_mode))
    return out


class UnpackTest(CommandTest):
    def unpack(self, *arguments, **more):
        return self.run_command("unpack", *arguments, **more)

    def dest(self):
        """Where DEST will be, as files have it."""
        return os.path.join(self.folder, "dest")

    def done(self, *arguments, **more):
        result = self.unpack(*arguments, **more)
        said = [line for line in result.lines() if "note: " not in line and " unpacked" not in line]
        self.assertEqual((result.status, said), (0, []))
        return result

    def refused(self, why, *arguments, status=1, **more):
        """Nothing of it is left, and the message says why."""
        before = tree(self.folder)
        result = self.unpack(*arguments, **more)
        self.assertEqual(result.status, status, result.err)
        self.assertIn(why, result.err)
        self.assertEqual(tree(self.folder), before)
        return result
